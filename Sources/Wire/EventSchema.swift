/// The JSON Schema of what webhooks are sent. Further members may come with later versions, so none is refused.
package enum EventSchema {
    /// With a line end.
    package static let text = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "An event of Ballast, as webhooks are sent it",
          "type": "object",
          "required": [
            "eventType", "botId", "targetVersionId", "jobId", "status", "metrics", "timestamp", "id", "type", "severity",
            "sequence", "fingerprint", "message"
          ],
          "properties": {
            "eventType": {"enum": [\(eventTypes)]},
            "botId": {"type": ["string", "null"]},
            "targetVersionId": {"type": ["string", "null"]},
            "jobId": {"type": ["string", "null"]},
            "status": {"enum": ["SUCCESS", "FAILED", "PENDING"]},
            "metrics": {"anyOf": [{"type": "object", "maxProperties": 0}, {"$ref": "#/$defs/turn"}]},
            "timestamp": {"type": "string", "format": "date-time"},
            "id": {"type": "string", "description": "a UUIDv7, the same at every attempt"},
            "type": {"type": "string", "pattern": "^[a-z]+\\\\.[a-z-]+$"},
            "severity": {"enum": ["info", "warning", "error", "critical"]},
            "sequence": {"type": "integer", "minimum": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "message": {"type": "string"},
            "guard": {"type": "string"},
            "bot": {
              "type": "object",
              "required": ["name", "platform", "environment", "labels"],
              "properties": {
                "name": {"type": "string"},
                "platform": {"type": "string"},
                "environment": {"type": "string"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}}
              }
            },
            "from": {"type": "string"},
            "to": {"type": "string"},
            "commit": {
              "type": "object",
              "required": ["sha", "author", "committer", "message", "committedAt", "signature"],
              "properties": {
                "sha": {"$ref": "#/$defs/sha"},
                "author": {"type": "string"},
                "committer": {"type": "string"},
                "message": {"type": "string"},
                "committedAt": {"type": "string", "format": "date-time"},
                "reverts": {"$ref": "#/$defs/sha"},
                "signature": {"type": "string"}
              }
            },
            "rollout": {
              "type": "object",
              "required": ["id", "direction", "startedAt", "phases"],
              "properties": {
                "id": {"type": "string"},
                "outcome": {"enum": [\(outcomes)]},
                "direction": {"enum": ["rollback", "deployment"]},
                "startedAt": {"type": "string", "format": "date-time"},
                "endedAt": {"type": "string", "format": "date-time"},
                "fallback": {"type": "string", "description": "the version that it failed over to"},
                "phases": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "required": ["phase", "at"],
                    "properties": {
                      "phase": {"type": "string"},
                      "at": {"type": "string", "format": "date-time"},
                      "durationMs": {"type": "integer", "minimum": 0}
                    }
                  }
                }
              }
            },
            "drift": {"$ref": "#/$defs/drift"},
            "verification": {"type": "array", "items": {"$ref": "#/$defs/turn"}},
            "bots": {"type": "array", "maxItems": 50, "items": {"type": "string"}},
            "botCount": {"type": "integer", "minimum": 0},
            "decidedBy": {"type": "string"},
            "reason": {"type": "string"}
          },
          "$defs": {
            "sha": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
        \(drift),
        \(turn)
          }
        }

        """

    static let eventTypes = quoted([
        "BOT_VERSION_ROLLBACK", "BOT_VERSION_DEPLOYMENT", "BOT_VERSION_DRIFT", "BOT_VERSION_BLOCKED", "BOT_DECISION",
        "BOT_SOURCE", "BOT_PLATFORM", "BOT_MANIFEST", "BOT_REPORT",
    ])

    private static let outcomes = quoted([
        "succeeded", "failed-over", "degraded", "failed", "blocked", "superseded", "indeterminate", "timed-out",
    ])

    private static func quoted(_ words: [String]) -> String { words.map { "\"\($0)\"" }.joined(separator: ", ") }

    static let drift = """
            "drift": {
              "type": "object",
              "required": ["cause", "desired", "firstSeen", "occurrence"],
              "properties": {
                "cause": {"enum": ["manifest", "platform", "rollout"]},
                "desired": {"type": "string"},
                "deployed": {"type": "string"},
                "changedBy": {"type": "string"},
                "changedAt": {"type": "string", "format": "date-time"},
                "firstSeen": {"type": "string", "format": "date-time"},
                "occurrence": {"type": "integer", "minimum": 0}
              }
            }
        """

    static let turn = """
            "turn": {
              "type": "object",
              "required": ["testMessage", "latencyMs", "verificationPassed", "timestamp"],
              "properties": {
                "botId": {"type": "string"},
                "testMessage": {"type": "string"},
                "detectedIntent": {"type": "string"},
                "confidence": {"type": "number"},
                "entityAccuracy": {"type": "number"},
                "latencyMs": {"type": "number"},
                "verificationPassed": {"type": "boolean"},
                "timestamp": {"type": "string", "format": "date-time"},
                "attempt": {"type": "integer", "minimum": 1},
                "verdict": {"enum": ["passed", "failed", "inconclusive"]},
                "versionId": {"type": "string"},
                "detail": {"type": "string"}
              }
            }
        """
}
