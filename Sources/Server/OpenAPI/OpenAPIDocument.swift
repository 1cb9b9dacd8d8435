import Domain
import Foundation
import HTTPTypes
import Wire

/// The OpenAPI 3.1 document of the operations.
struct OpenAPIDocument {
    var operations: [Operation]

    static let apiVersion = "1"

    func value() throws -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for operation in operations {
            let item = try value(of: operation)
            paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = item
        }
        return .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("Ballast"), "version": .string(Self.apiVersion),
                "description": .string("Keeps deployed bots on the version that git says."),
            ]),
            "servers": .array([.object(["url": .string("/")])]),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": .object([
                "securitySchemes": .object([
                    "token": .object(["type": .string("http"), "scheme": .string("bearer")])
                ]),
                "schemas": .object(try Self.schemas()),
            ]),
        ])
    }

    private func value(of operation: Operation) throws -> JSONValue {
        var item: [String: JSONValue] = [
            "operationId": .string(Self.identifier(of: operation)), "summary": .string(operation.summary),
            "tags": .array([.string(operation.needs == nil ? "open" : "api")]),
            "responses": .object(answers(of: operation)),
        ]
        let parameters =
            try Self.names(in: operation.path).map { name -> JSONValue in
                .object([
                    "name": .string(name), "in": .string("path"), "required": .bool(true),
                    "schema": .object(["type": .string("string")]),
                ])
            }
            + operation.query.map { field -> JSONValue in
                .object([
                    "name": .string(field.name), "in": .string("query"), "description": .string(field.about),
                    "required": .bool(field.isRequired), "schema": try Self.parsed(field.schema),
                ])
            }
        if !parameters.isEmpty { item["parameters"] = .array(parameters) }
        if let role = operation.needs {
            item["security"] = .array([.object(["token": .array([])])])
            item["x-role"] = .string(role.rawValue)
        }
        if let fields = operation.body {
            item["requestBody"] = .object([
                "required": .bool(!operation.isBodyOptional),
                "content": Self.content("application/json", try Self.object(of: fields)),
            ])
        }
        return .object(item)
    }

    private static func object(of fields: [Operation.Field]) throws -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for field in fields {
            guard case .object(var schema) = try parsed(field.schema) else { continue }
            schema["description"] = .string(field.about)
            properties[field.name] = .object(schema)
        }
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object([
            "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(properties),
            "required": .array(required),
        ])
    }

    private func answers(of operation: Operation) -> [String: JSONValue] {
        var answers: [String: JSONValue] = [:]
        var others = operation.problems
        if operation.needs != nil { others += [.badRequest, .unauthorized, .forbidden] }
        if operation.body != nil { others += [.contentTooLarge, .unsupportedMediaType, .serviceUnavailable] }
        for status in others {
            answers["\(status.code)"] = .object([
                "description": .string(status.reasonPhrase),
                "content": Self.content("application/problem+json", Self.reference("Problem")),
            ])
        }
        // A hook that asks for nothing, and a server that is not ready, answer with their own shape.
        if others.contains(.ok) || operation.needs == nil, case .json(let name) = operation.answer {
            for status in others where status == .ok || (status == .serviceUnavailable && operation.method == .get) {
                answers["\(status.code)"] = .object([
                    "description": .string(status.reasonPhrase),
                    "content": Self.content("application/json", Self.reference(name)),
                ])
            }
        }
        var answer: [String: JSONValue] = ["description": .string(operation.status.reasonPhrase)]
        switch operation.answer {
        case .json(let name): answer["content"] = Self.content("application/json", Self.reference(name))
        case .page(let name): answer["content"] = Self.content("application/json", Self.page(of: name))
        case .text: answer["content"] = Self.content("text/plain", .object(["type": .string("string")]))
        }
        answers["\(operation.status.code)"] = .object(answer)
        return answers
    }

    private static func page(of name: String) -> JSONValue {
        .object([
            "type": .string("object"), "required": .array([.string("items"), .string("next")]),
            "additionalProperties": .bool(false),
            "properties": .object([
                "items": .object(["type": .string("array"), "items": reference(name)]),
                "next": .object(["type": .array([.string("string"), .string("null")])]),
            ]),
        ])
    }

    private static func content(_ type: String, _ schema: JSONValue) -> JSONValue {
        .object([type: .object(["schema": schema])])
    }

    private static func reference(_ name: String) -> JSONValue {
        .object(["$ref": .string("#/components/schemas/\(name)")])
    }

    /// `getBotsName` of `GET /api/v1/bots/{name}`.
    private static func identifier(of operation: Operation) -> String {
        let words = operation.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "api" && $0 != "v1" }
        return operation.method.rawValue.lowercased() + words.map(\.capitalized).joined()
    }

    private static func names(in path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    static func parsed(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }
}
