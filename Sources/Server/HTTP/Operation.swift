import Domain
import HTTPTypes
import Synchronization

/// One thing that may be asked: how, by whom, and what is answered. The router and the OpenAPI document are made of it, so
/// that neither knows what the other does not.
struct Operation: Sendable {
    struct Field: Sendable {
        var name: String
        var about: String
        var isRequired = false
        /// A JSON Schema.
        var schema = #"{"type": "string"}"#
    }

    enum Content: Sendable {
        /// The name of a schema among the document's components.
        case json(String)
        /// A page: `items` of that schema, and `next`.
        case page(String)
        case text
    }

    var method: HTTPRequest.Method
    /// `/api/v1/bots/{name}`.
    var path: String
    var summary: String
    /// nil: no token is needed.
    var needs: ServerSettings.Role?
    var query: [Field] = []
    /// Members of the JSON object that is sent; nil: no body is read.
    var body: [Field]?
    var isBodyOptional = false
    var status: HTTPResponse.Status = .ok
    var answer: Content
    /// What else it may answer, beside what every operation may.
    var problems: [HTTPResponse.Status] = []

    static let paging = [
        Field(
            name: "limit", about: "At most so many.",
            schema: #"{"type": "integer", "minimum": 1, "maximum": 200, "default": 50}"#),
        Field(name: "after", about: "`next` of the page before."),
    ]
}

/// All operations of the server, for the document and for whoever uses the wrong method.
final class OperationBook: Sendable {
    private let entries = Mutex<[Operation]>([])

    func add(_ operation: Operation) { entries.withLock { $0.append(operation) } }

    var operations: [Operation] { entries.withLock { $0 } }

    /// In the order in which they are usually written; empty: nothing is at this path.
    func methods(at path: String) -> [String] {
        let parts = path.split(separator: "/")
        let found = operations.filter { operation in
            let pattern = operation.path.split(separator: "/")
            return pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // An exact path hides what a pattern would allow there.
        let exact = found.filter { !$0.path.contains("{") }
        return (exact.isEmpty ? found : exact).flatMap { operation in
            operation.method == .get ? ["GET", "HEAD"] : [operation.method.rawValue]
        }
    }
}
