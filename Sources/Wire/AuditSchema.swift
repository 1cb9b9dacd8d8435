/// The JSON Schema of one line of the audit trail. What a step adds differs from step to step, so no member is refused.
package enum AuditSchema {
    /// With a line end.
    package static let text = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "An audit record of Ballast: one line of canonical JSON (RFC 8785)",
          "type": "object",
          "required": ["v", "complianceTag", "auditTimestamp", "chain"],
          "properties": {
            "v": {"const": 1},
            "complianceTag": {"const": "GOVERNANCE_ROLLBACK_EVENT"},
            "auditTimestamp": {"type": "string", "format": "date-time"},
            "chain": {
              "type": "object",
              "required": ["id", "index", "previous", "hash"],
              "properties": {
                "id": {"type": "string"},
                "index": {"type": "integer", "minimum": 1},
                "previous": {"$ref": "#/$defs/hash"},
                "hash": {
                  "$ref": "#/$defs/hash",
                  "description": "SHA-256 of this record's canonical JSON without chain.hash and chain.signature"
                },
                "signature": {
                  "type": "string",
                  "pattern": "^[A-Za-z0-9+/]{86}==$",
                  "description": "with audit.signingKey: base64 of the Ed25519 signature over the ASCII of chain.hash"
                }
              }
            },
            "note": {
              "type": "object",
              "description": "of records that stand in a git note: their number among those, and the one before",
              "required": ["index", "previous"],
              "properties": {
                "index": {"type": "integer", "minimum": 1},
                "previous": {"$ref": "#/$defs/hash"}
              }
            },
            "eventType": {"enum": [\(EventSchema.eventTypes)]},
            "botId": {"type": ["string", "null"]},
            "targetVersionId": {"type": ["string", "null"]},
            "jobId": {"type": ["string", "null"]},
            "status": {"enum": ["SUCCESS", "FAILED", "PENDING"]},
            "metrics": {"anyOf": [{"type": "object", "maxProperties": 0}, {"$ref": "#/$defs/turn"}]},
            "timestamp": {"type": "string", "format": "date-time"},
            "type": {"type": "string"},
            "step": {"type": "string"},
            "rollout": {"type": "string"},
            "bot": {
              "type": "object",
              "required": ["name", "platform", "environment"],
              "properties": {
                "name": {"type": "string"},
                "platform": {"type": "string"},
                "environment": {"type": "string"}
              }
            },
            "commit": {
              "type": "object",
              "required": ["sha"],
              "properties": {
                "sha": {"$ref": "#/$defs/sha"},
                "author": {"type": "string"},
                "message": {"type": "string", "description": "the first line of its message"},
                "reverts": {"$ref": "#/$defs/sha"},
                "signature": {"type": "string"}
              }
            },
            "desired": {"type": "string"},
            "deployed": {"type": "string"},
            "restoredAt": {
              "type": "string",
              "description": "when the bot was as git wants it again after a failure, without a rollout"
            },
            "decidedBy": {"type": "string"},
            "reason": {"type": "string"},
            "overridden": {"type": "array", "items": {"type": "string"}},
            "steps": {
              "type": "object",
              "required": ["first", "last"],
              "properties": {"first": {"type": "integer"}, "last": {"type": "integer"}}
            },
            "drift": {"$ref": "#/$defs/drift"}
          },
          "$defs": {
            "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "sha": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
        \(EventSchema.drift),
        \(EventSchema.turn)
          }
        }

        """
}
