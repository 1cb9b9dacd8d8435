import Domain
import Exchange
import Testing

@testable import Platforms

@Suite("What a failure means")
struct ClassificationTests {
    typealias Kind = PlatformFailure.Kind

    /// Every status, written out: the rows that are not `unclear`, for reads and for mutations.
    static let reads: [Int: Kind] = [
        400: .invalid, 401: .unauthorized, 403: .forbidden, 404: .notFound, 405: .unsupported, 410: .notFound,
        422: .invalid, 429: .rateLimited, 501: .unsupported,
    ]
    static let mutations: [Int: Kind] = [
        400: .invalid, 401: .unauthorized, 403: .forbidden, 404: .notFound, 409: .conflict(.unclear), 410: .notFound,
        422: .invalid, 429: .rateLimited,
    ]

    @Test("each status of a read", arguments: Array(100...199) + Array(300...999))
    func read(status: Int) {
        let kind = Classification.kind(status: status, isMutation: false, message: "active sessions")
        #expect(kind == ClassificationTests.reads[status] ?? .unclear)
    }

    @Test("each status of a mutation", arguments: Array(100...199) + Array(300...999))
    func mutation(status: Int) {
        let kind = Classification.kind(status: status, isMutation: true, message: nil)
        #expect(kind == ClassificationTests.mutations[status] ?? .unclear)
    }

    @Test("no row of the table is out of reach")
    func rows() {
        for (index, row) in Classification.statuses.enumerated() {
            let earlier = Classification.statuses[..<index]
            #expect(row.statuses.contains { status in !earlier.contains { $0.statuses.contains(status) } })
        }
    }

    @Test(
        "each failure of the transport",
        arguments: [
            (TransportFailure.Reason.name, false, Kind.notSent), (.connection, false, .notSent),
            (.tls, false, .notSent),
            (.noFreeConnection, false, .notSent), (.addressRefused, false, .notSent), (.deadline, false, .notSent),
            (.cancelled, false, .notSent), (.shutDown, false, .notSent), (.closed, false, .lost),
            (.garbage, false, .lost), (.other, false, .lost),
            (.name, true, .lost), (.connection, true, .lost), (.tls, true, .lost), (.noFreeConnection, true, .lost),
            (.addressRefused, true, .lost), (.deadline, true, .lost), (.cancelled, true, .lost),
            (.shutDown, true, .lost), (.closed, true, .lost), (.garbage, true, .lost), (.other, true, .lost),
        ])
    func transport(reason: TransportFailure.Reason, sent: Bool, kind: Kind) {
        #expect(Classification.kind(TransportFailure(reason, sent: sent)) == kind)
    }

    @Test(
        "each conflict by its words",
        arguments: [
            (
                "Dependency validation failed. Target version references missing components.",
                PlatformFailure.Conflict.dependencies
            ),
            ("DEPENDENCIES are missing", .dependencies), ("Missing intents: order_support", .dependencies),
            ("missing skill 'refund'", .dependencies), ("Missing entities", .dependencies),
            ("There are 3 active sessions.", .sessions), ("Active SESSION present", .sessions),
            ("open conversations exist", .sessions),
            ("A deployment is in progress", .inFlight), ("Another deployment of this bot exists", .inFlight),
            ("job already running", .inFlight), ("deployment in-flight", .inFlight),
            ("Job job_7 is running", .inFlight),
            ("", .unclear), ("Conflict", .unclear), ("state mismatch", .unclear),
            ("Deployment in progress: it waits for 3 active sessions", .unclear),
            ("Dependencies are fine, but sessions are active", .unclear),
        ])
    func conflicts(message: String, conflict: PlatformFailure.Conflict) {
        #expect(Classification.conflict(in: message) == conflict)
        #expect(Classification.kind(status: 409, isMutation: true, message: message) == .conflict(conflict))
    }
}
