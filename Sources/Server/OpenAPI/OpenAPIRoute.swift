import Domain
import HTTPTypes
import Hummingbird

/// `GET /api/v1/openapi.json`: made of the operations that were added, this one too.
struct OpenAPIRoute {
    private static let operation = Operation(
        method: .get, path: "/api/v1/openapi.json", summary: "This document", needs: .read, answer: .json("OpenAPI"))

    func add(to routes: Routes) {
        let book = routes.book
        routes.add(Self.operation) { _ in
            try JSONText.response(OpenAPIDocument(operations: book.operations).value())
        }
    }
}
