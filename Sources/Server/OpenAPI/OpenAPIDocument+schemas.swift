import Domain
import Foundation
import Wire

/// The shapes of what is answered, as `Wire` encodes them.
extension OpenAPIDocument {
    static func schemas() throws -> [String: JSONValue] {
        guard case .object(var schemas) = try parsed(shapes) else { return [:] }
        for (name, text) in [("Event", EventSchema.text), ("AuditRecord", AuditSchema.text)] {
            // Within the document their definitions stand below their own names.
            let moved = text.replacing("\"#/$defs/", with: "\"#/components/schemas/\(name)/$defs/")
            guard case .object(var schema) = try parsed(moved) else { continue }
            schema["$schema"] = nil
            schemas[name] = .object(schema)
        }
        return schemas
    }

    private static let states = BotCondition.State.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    private static let outcomes = Outcome.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")

    private static let shapes = """
        {
          "OpenAPI": {"type": "object", "required": ["openapi", "info", "paths"]},
          "Problem": {
            "type": "object", "required": ["type", "title", "status", "detail", "requestId"],
            "properties": {
              "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
              "detail": {"type": "string"}, "requestId": {"type": "string"}
            }
          },
          "Health": {"type": "object", "required": ["alive"], "properties": {"alive": {"type": "boolean"}}},
          "Readiness": {
            "type": "object", "required": ["ready", "reasons", "away"],
            "properties": {
              "ready": {"type": "boolean"}, "reasons": {"type": "array", "items": {"type": "string"}},
              "away": {"type": "array", "items": {"type": "string"}}
            }
          },
          "Queued": {
            "type": "object", "required": ["id", "queued"], "additionalProperties": false,
            "properties": {"id": {"type": "string"}, "queued": {"type": "boolean"}, "reason": {"type": "string"}}
          },
          "Decided": {
            "type": "object", "required": ["id", "message", "changed"], "additionalProperties": false,
            "properties": {"id": {"type": "string"}, "message": {"type": "string"}, "changed": {"type": "boolean"}}
          },
          "RolledBack": {
            "type": "object", "required": ["id", "message", "changed"],
            "description": "with `withoutGit` only these; else what became of the commit",
            "properties": {
              "id": {"type": "string"}, "message": {"type": "string"}, "changed": {"type": "boolean"},
              "outcome": {"enum": ["pushed", "refused", "unchanged"]}, "commit": {"type": "string"},
              "path": {"type": "string"}, "from": {"type": "string"}, "to": {"type": "string"},
              "reverts": {"type": "string"}, "branch": {"type": "string"}, "answer": {"type": "string"},
              "watched": {"type": "string"}, "mergeRequest": {"type": "string"}
            }
          },
          "Caller": {
            "type": "object", "required": ["name", "role", "decides"], "additionalProperties": false,
            "properties": {
              "name": {"type": "string"}, "role": {"enum": ["read", "operate", "admin"]}, "decides": {"type": "boolean"}
            }
          },
          "Request": {
            "type": "object", "required": ["id", "passed", "rollouts"], "additionalProperties": false,
            "properties": {
              "id": {"type": "string"}, "passed": {"type": "boolean"}, "message": {"type": "string"},
              "rollouts": {"type": "array", "items": {"$ref": "#/components/schemas/Rollout"}}
            }
          },
          "Reconciled": {
            "type": "object", "required": ["commit", "rollouts", "bots", "problems"], "additionalProperties": false,
            "properties": {
              "commit": {"type": ["string", "null"]},
              "rollouts": {"type": "array", "items": {"$ref": "#/components/schemas/Rollout"}},
              "bots": {"type": "array", "items": {"$ref": "#/components/schemas/PlannedBot"}},
              "problems": {"type": "array", "items": {"$ref": "#/components/schemas/ManifestProblem"}},
              "failure": {"type": "string"}, "unreachablePlatforms": {"type": "array", "items": {"type": "string"}}
            }
          },
          "Trace": {
            "type": "object", "required": ["bot", "commit", "rollout", "events", "notes"],
            "properties": {
              "bot": {"$ref": "#/components/schemas/BotStatus"}, "observed": {"type": "object"},
              "commit": {"type": ["object", "null"]},
              "rollout": {"anyOf": [{"$ref": "#/components/schemas/Rollout"}, {"type": "null"}]},
              "events": {"type": "array", "items": {"type": "object", "required": ["id", "type", "deliveries"]}},
              "notes": {"type": "object", "required": ["ref", "fetch"]}
            }
          },
          "ManifestProblem": {
            "type": "object", "required": ["path", "line", "column", "message"],
            "properties": {
              "path": {"type": "string"}, "line": {"type": "integer"}, "column": {"type": "integer"},
              "message": {"type": "string"}
            }
          },
          "Manifest": {
            "type": "object", "required": ["path", "commit", "author", "committedAt"],
            "properties": {
              "path": {"type": "string"}, "commit": {"type": "string"}, "author": {"type": "string"},
              "committedAt": {"type": "string", "format": "date-time"}
            }
          },
          "Guard": {
            "type": "object", "required": ["guard", "verdict", "detail"],
            "properties": {
              "guard": {"type": "string"}, "verdict": {"enum": ["pass", "wait", "block", "unknown"]},
              "detail": {"type": "string"}, "until": {"type": "string", "format": "date-time"},
              "waived": {"type": "boolean"}
            }
          },
          "BotStatus": {
            "type": "object",
            "required": [
              "name", "platform", "botId", "environment", "labels", "desired", "deployed", "state", "message", "since",
              "cause", "manifest"
            ],
            "properties": {
              \(botMembers),
              "labels": {"type": "object", "additionalProperties": {"type": "string"}}
            }
          },
          "Trouble": {
            "type": "object", "required": ["subject", "message", "remedy"], "additionalProperties": false,
            "properties": {
              "subject": {"type": "string"}, "message": {"type": "string"}, "remedy": {"type": "string"}
            }
          },
          "PlannedBot": {
            "type": "object",
            "required": [
              "name", "platform", "botId", "environment", "labels", "desired", "deployed", "state", "message", "since",
              "cause", "action", "manifest", "guards"
            ],
            "properties": {
              \(botMembers),
              "labels": {"type": "object", "additionalProperties": {"type": "string"}},
              "unobserved": {"type": "boolean"}, "differs": {"type": "boolean"}, "off": {"type": "boolean"},
              "leftAlone": {"type": "boolean"},
              "action": {"enum": ["none", "rollback", "deployment", "alert"]},
              "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}}
            }
          },
          "Plan": {
            "type": "object", "required": ["commit", "branch", "bots", "problems"],
            "properties": {
              "commit": {"type": ["string", "null"]}, "branch": {"type": "string"},
              "bots": {"type": "array", "items": {"$ref": "#/components/schemas/PlannedBot"}},
              "problems": {"type": "array", "items": {"$ref": "#/components/schemas/ManifestProblem"}},
              "failure": {"type": "string"}, "unreachablePlatforms": {"type": "array", "items": {"type": "string"}}
            }
          },
          "Rollout": {
            "type": "object",
            "required": [
              "id", "name", "platform", "botId", "environment", "direction", "from", "to", "phase", "outcome", "jobIds",
              "fallback", "message", "startedAt", "endedAt", "cause", "commit", "author"
            ],
            "properties": {
              "id": {"type": "string"}, "name": {"type": "string"}, "platform": {"type": "string"},
              "botId": {"type": "string"}, "environment": {"type": "string"},
              "direction": {"enum": ["rollback", "deployment"]}, "from": {"type": ["string", "null"]},
              "to": {"type": "string"}, "phase": {"type": "string"},
              "outcome": {"enum": [\(outcomes), null]}, "jobIds": {"type": "array", "items": {"type": "string"}},
              "fallback": {"type": ["string", "null"]}, "message": {"type": "string"},
              "startedAt": {"type": "string", "format": "date-time"},
              "endedAt": {"type": ["string", "null"], "format": "date-time"},
              "cause": {"enum": ["manifest", "platform", "rollout"]}, "commit": {"type": "string"},
              "author": {"type": "string"}
            }
          },
          "RolloutDetail": {
            "type": "object",
            "required": ["rollout", "commit", "phases", "guards", "requests", "verification", "records"],
            "properties": {
              "rollout": {"$ref": "#/components/schemas/Rollout"}, "commit": {"type": "object"},
              "phases": {"type": "array", "items": {"type": "object", "required": ["phase", "at"]}},
              "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}},
              "requests": {
                "type": "array",
                "items": {"type": "object", "required": ["idempotencyKey", "targetVersion", "direction", "jobId"]}
              },
              "verification": {"type": "array", "items": {"type": "object", "required": ["testMessage", "verdict"]}},
              "records": {"type": "array", "items": {"$ref": "#/components/schemas/AuditRecord"}}
            }
          },
          "Notification": {
            "type": "object",
            "required": [
              "id", "type", "time", "sink", "stream", "sequence", "status", "attempts", "nextAt", "answer"
            ],
            "properties": {
              "id": {"type": "string"}, "type": {"type": "string"}, "time": {"type": "string", "format": "date-time"},
              "sink": {"type": "string"}, "stream": {"type": "string"}, "sequence": {"type": "integer"},
              "status": {"enum": ["pending", "delivered", "dead", "superseded"]}, "attempts": {"type": "integer"},
              "nextAt": {"type": ["string", "null"], "format": "date-time"}, "answer": {"type": "string"}
            }
          }
        }
        """

    private static let botMembers = """
        "name": {"type": "string"}, "platform": {"type": "string"}, "botId": {"type": "string"},
        "environment": {"type": "string"}, "desired": {"type": ["string", "null"]},
        "deployed": {"type": ["string", "null"]}, "state": {"enum": [\(states)]}, "guard": {"type": "string"},
        "message": {"type": "string"}, "since": {"type": "string", "format": "date-time"},
        "cause": {"enum": ["manifest", "platform", "rollout", null]},
        "manifest": {"anyOf": [{"$ref": "#/components/schemas/Manifest"}, {"type": "null"}]}
        """
}
