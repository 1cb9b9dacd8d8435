import Domain
import Testing

@testable import Platforms

enum Ask {
    static let jobs = PlatformRequest.jobs(botId: nil, environment: "P", page: 1)
    static let versions = PlatformRequest.versions(botId: "b", page: 1)
    static let sessions = PlatformRequest.sessions(botId: "b", environment: "P", page: 1)
    static let turn = PlatformRequest.test(botId: "b", environment: "P", message: "m")
    static let deploy = PlatformRequest.deploy(
        DeploymentRequest(
            botId: "b", targetVersion: "v", environment: "P", direction: .rollback, validateDependencies: true,
            idempotencyKey: "k"))
    static let status = PlatformRequest.status(jobId: "j")
}

@Suite("Answers of v1")
struct V1DecoderTests {
    func decode(_ text: String, _ request: PlatformRequest, secrets: [String] = []) throws -> PlatformAnswer {
        try V1Decoder.decode(Array(text.utf8), for: request, secrets: secrets)
    }

    @Test("versions, with what is unknown left aside")
    func versions() throws {
        let text = """
            {"success":true,"more":[1,{"a":null}],"pagination":{"page":1,"size":50,"total":2,"x":1},"data":[
             {"id":"v1","status":"PUBLISHED","environment":"PRODUCTION","createdAt":"2026-11-22T11:00:00.5+01:00","z":{}},
             {"id":"v2","status":"DRAFT","environment":null}]}
            """
        let expected = PlatformAnswer.versions(
            [
                VersionInfo(
                    id: "v1", status: "PUBLISHED", environment: "PRODUCTION",
                    createdAt: Timestamp(milliseconds: 1_795_341_600_500)),
                VersionInfo(id: "v2", status: "DRAFT", environment: nil, createdAt: nil),
            ], page: PageInfo(page: 1, next: nil, first: "v1"))
        #expect(try decode(text, Ask.versions) == expected)
    }

    /// An answer that ended with the bracket that goes beyond the decoder's own limit ended the process.
    @Test("nesting is refused, at any depth", arguments: [129, 511, 512, 513, 514, 5000])
    func nesting(_ depth: Int) {
        for text in [
            String(repeating: "[", count: depth),
            "{\"success\":true,\"data\":" + String(repeating: "[", count: depth - 1),
        ] {
            for request in [Ask.versions, Ask.sessions, Ask.jobs, Ask.status, Ask.turn, Ask.deploy] {
                #expect(throws: DecodingError.self) { try decode(text, request) }
            }
        }
    }

    @Test("sessions of any shape count; ids are told where there are some")
    func sessions() throws {
        let text = """
            {"success":true,"data":[{"sessionId":"s1"},{"id":7},{}]}
            """
        let answer = try decode(text, Ask.sessions)
        #expect(answer == .sessions(count: 3, page: PageInfo(page: 1, next: nil, first: "s1")))
        let none = try decode("{\"success\":true,\"data\":[]}", Ask.sessions)
        #expect(none == .sessions(count: 0, page: PageInfo(page: 1, next: nil, first: nil)))
    }

    @Test("jobs, cleaned of what must not be kept")
    func jobs() throws {
        let text = """
            {"success":true,"data":[
             {"jobId":"j1","botId":"b","targetVersionId":"v","environment":"P","action":"ROLLBACK","state":"FAILED",
              "errorMessage":"a\\u202eb\\u0007 key-1234 c","createdAt":"2026-11-22T10:00:00Z",
              "completedAt":"2026-11-22T10:00:01.250Z","createdBy":"Ann <ann@example.com>","idempotencyKey":"k1"},
             {"jobId":"j0","botId":"b","targetVersionId":"v","environment":"P","state":"QUEUED",
              "createdAt":"2026-11-22T09:00:00Z"}]}
            """
        let expected = PlatformAnswer.jobs(
            [
                JobInfo(
                    jobId: "j1", botId: "b", targetVersion: "v", environment: "P", state: .failed,
                    errorMessage: "ab *** c", createdAt: Timestamp(milliseconds: 1_795_341_600_000),
                    completedAt: Timestamp(milliseconds: 1_795_341_601_250), createdBy: "Ann <ann@example.com>",
                    idempotencyKey: "k1"),
                JobInfo(
                    jobId: "j0", botId: "b", targetVersion: "v", environment: "P", state: .queued,
                    createdAt: Timestamp(milliseconds: 1_795_338_000_000)),
            ], page: PageInfo(page: 1, next: nil, first: "j1"))
        #expect(try decode(text, Ask.jobs, secrets: ["key-1234"]) == expected)
    }

    @Test(
        "the states of a job",
        arguments: zip(["QUEUED", "RUNNING", "COMPLETED", "FAILED"], [JobState.queued, .running, .completed, .failed]))
    func states(text: String, state: JobState) throws {
        let body = "{\"success\":true,\"data\":{\"state\":\"\(text)\",\"errorMessage\":\"why\"}}"
        #expect(try decode(body, .status(jobId: "j")) == .status(state, errorMessage: "why"))
    }

    @Test("an accepted deployment")
    func accepted() throws {
        let body = "{\"success\":true,\"data\":{\"jobId\":\"job_1\"}}"
        #expect(try decode(body, Ask.deploy) == .accepted(jobId: "job_1"))
    }

    @Test(
        "a turn, and how little of it there may be",
        arguments: [
            (
                "{\"intent\":{\"name\":\"order\",\"confidence\":0.93},\"entities\":[{\"name\":\"n\",\"value\":\"1\"},"
                    + "{\"name\":\"n\",\"value\":\"2\"},{\"name\":\"x\"}],\"versionId\":\"v5\"}",
                TurnAnswer(intent: "order", confidence: 0.93, entities: ["n": "1"], versionId: "v5")
            ),
            ("{}", TurnAnswer(intent: nil, confidence: nil, entities: [:], versionId: nil)),
            (
                "{\"intent\":null,\"entities\":null,\"versionId\":null}",
                TurnAnswer(intent: nil, confidence: nil, entities: [:], versionId: nil)
            ),
            (
                "{\"intent\":{\"name\":\"\",\"confidence\":0}}",
                TurnAnswer(intent: nil, confidence: 0, entities: [:], versionId: nil)
            ),
        ])
    func turns(data: String, turn: TurnAnswer) throws {
        #expect(try decode("{\"success\":true,\"data\":\(data)}", Ask.turn) == .turn(turn))
    }

    static let garbled: [String: (PlatformRequest, [String])] = [
        "jobs": (
            Ask.jobs,
            [
                "{\"data\":[]}",
                "{\"success\":\"true\",\"data\":[]}",
                "{\"success\":1,\"data\":[]}",
                "{\"success\":null,\"data\":[]}",
                "{\"success\":true}",
                "{\"success\":true,\"data\":null}",
                "{\"success\":true,\"data\":{}}",
                "{\"success\":true,\"data\":[1]}",
                "[]",
                "",
                "null",
                "{\"success\":true,\"data\":[",
                "{\"success\":true,\"data\":[],\"pagination\":[]}",
                "{\"success\":true,\"data\":[],\"pagination\":{\"total\":\"9\"}}",
                job("\"state\":\"CANCELLED\""),
                job("\"state\":\"completed\""),
                job("\"state\":null"),
                job("\"createdAt\":\"yesterday\""),
                job("\"createdAt\":1795341600"),
                job("\"completedAt\":\"\""),
                job("\"jobId\":\"\""),
                job("\"jobId\":7"),
                job("\"targetVersionId\":null"),
                job("\"botId\":\"a\\u0000b\""),
                job("\"environment\":\"P\\u202e\""),
                job("\"createdBy\":{}"),
            ]
        ),
        "versions": (
            Ask.versions,
            [
                "{\"success\":true,\"data\":[{\"id\":\"v\"}]}",
                "{\"success\":true,\"data\":[{\"status\":\"PUBLISHED\"}]}",
                "{\"success\":true,\"data\":[{\"id\":1,\"status\":\"PUBLISHED\"}]}",
            ]
        ),
        "sessions": (
            Ask.sessions,
            [
                "{\"success\":true,\"data\":[1]}",
                "{\"success\":true,\"data\":3}",
            ]
        ),
        "status": (
            Ask.status,
            [
                "{\"success\":true,\"data\":{}}",
                "{\"success\":true,\"data\":{\"state\":\"DONE\"}}",
            ]
        ),
        "deploy": (
            Ask.deploy,
            [
                "{\"success\":true,\"data\":{}}",
                "{\"success\":true,\"data\":{\"jobId\":null}}",
                "{\"success\":true,\"data\":{\"jobId\":\"\"}}",
            ]
        ),
        "turn": (
            Ask.turn,
            [
                "{\"success\":true,\"data\":{\"intent\":{\"name\":\"i\",\"confidence\":1.5}}}",
                "{\"success\":true,\"data\":{\"intent\":{\"name\":\"i\",\"confidence\":\"0.9\"}}}",
                "{\"success\":true,\"data\":{\"intent\":\"i\"}}",
                "{\"success\":true,\"data\":{\"entities\":[{\"name\":\"n\",\"value\":7}]}}",
            ]
        ),
    ]

    @Test(
        "what lacks or garbles what it must have is no answer", arguments: garbled.keys.sorted())
    func refused(name: String) throws {
        let (request, bodies) = try #require(V1DecoderTests.garbled[name])
        for body in bodies {
            let error = #expect(throws: DecodingError.self, "\(body)") { try decode(body, request) }
            #expect(error.map { describe($0).isEmpty } == false)
        }
    }

    @Test("an answer that says it failed says why, whatever else it holds")
    func failures() {
        let refusal = #expect(throws: V1Refusal.self) {
            try decode("{\"success\":false,\"message\":\"no\",\"data\":7}", Ask.deploy)
        }
        #expect(refusal?.message == "no")
        let silent = #expect(throws: V1Refusal.self) {
            try decode("{\"success\":false,\"message\":7}", Ask.jobs)
        }
        #expect(silent?.message == nil)
    }

    static func job(_ change: String) -> String {
        var fields = [
            "jobId": "\"j\"", "botId": "\"b\"", "targetVersionId": "\"v\"", "environment": "\"P\"",
            "state": "\"QUEUED\"",
            "createdAt": "\"2026-11-22T10:00:00Z\"",
        ]
        let parts = change.split(separator: ":", maxSplits: 1)
        fields[String(parts[0].dropFirst().dropLast())] = String(parts[1])
        let members = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{\"success\":true,\"data\":[{\(members.joined(separator: ","))}]}"
    }
}

@Suite("Pages")
struct PageTests {
    @Test(
        "which page follows",
        arguments: [
            (1, 0, nil, nil, nil as Int?), (1, 49, nil, nil, nil), (1, 50, nil, nil, 2), (3, 50, nil, nil, 4),
            (1, 200, nil, nil, 2), (1, 50, 50, nil, nil), (1, 50, 51, nil, 2), (2, 50, 100, nil, nil),
            (2, 50, 101, nil, 3), (1, 20, 60, 20, 2), (3, 20, 60, 20, nil), (1, 19, 60, 20, nil), (2, 20, nil, 20, 3),
            (1, 50, 1000, 500, 2), (1, 1, nil, 0, 2), (1, 200, 150, nil, nil),
        ] as [(Int, Int, Int?, Int?, Int?)])
    func next(page: Int, count: Int, total: Int?, size: Int?, next: Int?) {
        let info = V1Decoder.pageInfo(page, count, "first", V1Pagination(page: page, size: size, total: total))
        #expect(info == PageInfo(page: page, next: next, first: "first"))
        if total == nil, size == nil { #expect(V1Decoder.pageInfo(page, count, "first", nil) == info) }
    }
}
