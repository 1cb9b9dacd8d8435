import Domain
import Foundation
import HTTPTypes
import NIOCore

/// The JSON object that a person's wish is: only the members that it has, each of its kind.
struct DecisionBody: Sendable {
    private let members: [String: JSONValue]

    init(_ bytes: ByteBuffer, known: [Operation.Field]) throws {
        guard case .object(let members)? = try? Self.read(bytes) else {
            throw HTTPProblem(.badRequest, "expected a JSON object, such as {\"reason\": \"…\"}")
        }
        let names = known.map(\.name)
        if let name = members.keys.sorted().first(where: { !names.contains($0) }) {
            let list = names.joined(separator: ", ")
            throw HTTPProblem(
                .badRequest, "unknown field `\(UntrustedText.cleaned(name, maxCharacters: 40))`; known: \(list)")
        }
        if let field = known.first(where: { $0.isRequired && members[$0.name] == nil }) {
            throw HTTPProblem(.badRequest, "`\(field.name)` is missing: \(field.about)")
        }
        self.members = members
    }

    private static func read(_ bytes: ByteBuffer) throws -> JSONValue {
        try JSONNesting.check(bytes.readableBytesView)
        return try JSONDecoder().decode(JSONValue.self, from: Data(bytes.readableBytesView))
    }

    func text(_ name: String) throws -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw HTTPProblem(.badRequest, "`\(name)` is no text")
        }
    }

    func flag(_ name: String) throws -> Bool {
        switch members[name] {
        case nil, .null: return false
        case .bool(let value): return value
        default: throw HTTPProblem(.badRequest, "`\(name)` is true or false")
        }
    }

    /// Empty where none was given.
    func reason() throws -> String {
        let text = UntrustedText.cleaned(
            try text("reason") ?? "", maxCharacters: ServerLimits.maxReasonCharacters)
        return text.allSatisfy(\.isWhitespace) ? "" : text
    }

    /// For what is never done without one.
    func requiredReason() throws -> String {
        let reason = try reason()
        guard !reason.isEmpty else {
            throw HTTPProblem(.badRequest, "`reason` is empty: say why; it stands in the audit record")
        }
        return reason
    }

    func span() throws -> Span? {
        guard let text = try text("for") else { return nil }
        guard let span = Span(text: text), span.milliseconds > 0 else {
            throw HTTPProblem(.badRequest, "`for` is no duration such as `2h`")
        }
        return span
    }

    func waived() throws -> Guard {
        guard let text = try text("guard"), let found = Guard(rawValue: text), Guard.waivable.contains(found) else {
            let list = Guard.waivable.sorted().map(\.rawValue).joined(separator: ", ")
            throw HTTPProblem(.badRequest, "`guard` is one of \(list)")
        }
        return found
    }

    func version() throws -> String? {
        guard let text = try text("to") else { return nil }
        guard UntrustedText.isPlain(text, maxBytes: ServerLimits.maxVersionCharacters) else {
            throw HTTPProblem(.badRequest, "`to` is no version")
        }
        return text
    }

    /// - Parameter now: by the wall clock.
    func since(_ now: Timestamp) throws -> Timestamp {
        let text = try text("since") ?? ""
        if let span = Span(text: text) { return now.advanced(by: Span(milliseconds: -span.milliseconds)) }
        guard let time = Timestamp(iso8601: text) else {
            throw HTTPProblem(
                .badRequest, "`since` is a duration such as `2h`, or a time such as 2026-11-22T10:00:00Z")
        }
        return time
    }
}
