import Documents
import Domain
import Reconciler
import Testing
import Wire

@testable import Commands

@Suite("What verbs print")
struct RenderingTests {
    @Test("status")
    func status() {
        #expect(
            BotTable.status([BotStatusShape(Sample.record())], colors: false) == """
                NAME           ENVIRONMENT  DESIRED  DEPLOYED  STATE    SINCE                 MESSAGE
                order-support  PRODUCTION   v_67890  v_67890   in-sync  2026-11-22 10:00:00Z  serves v_67890

                """)
    }

    @Test("a plan shows what would change, and what stops it; all guards where they are asked for")
    func plan() {
        let guards = [
            GuardVerdict(.window, .wait, "closed", until: Sample.time), GuardVerdict(.sessions, .pass, "0 active"),
        ]
        let drifted = Sample.report(
            "faq", .waiting, deployed: "v_1", differs: true, action: .rollback, guards: guards)
        let report = RunReport.sample([Sample.report(), drifted], problems: [Sample.problem]).plan
        #expect(
            PlanText.text(report, isWhole: false, colors: false) == """
                NAME  ENVIRONMENT  DESIRED  DEPLOYED  STATE    ACTION    MESSAGE
                faq   PRODUCTION   v_67890  v_1       waiting  rollback  wants v_67890

                What stops faq
                  window  wait  closed, until 2026-11-22 10:00:00Z

                """)
        #expect(
            PlanText.text(report, isWhole: true, colors: false).hasSuffix(
                """

                Guards of faq
                  window    wait  closed, until 2026-11-22 10:00:00Z
                  sessions  pass  0 active

                """))
        #expect(
            PlanText.summary(report)
                == "main at a1b2c3d4: 2 bots, 1 in sync, 0 to be rolled, 1 stopped by a guard, 1 problem in manifests")
        #expect(PlanText.text(RunReport.sample([Sample.report()]).plan, isWhole: true, colors: false).isEmpty)
    }

    @Test("reconcile lists rollouts, then what is not in sync")
    func reconcile() {
        let report = RunReport.sample([Sample.report()], rollouts: [Sample.rollout()]).reconciled
        #expect(
            ReconcileText.text(report, colors: false) == """
                ROLLOUT  NAME           FROM     TO       OUTCOME    DURATION  MESSAGE
                r-1      order-support  v_70000  v_67890  succeeded  323ms     v_67890 serves

                1 of 1 bot in sync

                """)
    }

    @Test("an interruption says what was left")
    func interrupted() {
        #expect(
            Pass.interrupted([Sample.rollout(outcome: nil), Sample.rollout()]).text == """
                ballast: interrupted; open is the rollout of order-support
                  What is open goes on in the next `ballast reconcile`.

                """)
        #expect(Pass.interrupted([]).message == "interrupted; no rollout was left open")
    }

    @Test("workflow commands are escaped")
    func gitHub() {
        #expect(
            GitHubText.command(.error, "50% of\na:b", path: "a,b:c.yaml", line: 3, column: 5)
                == "::error file=a%2Cb%3Ac.yaml,line=3,col=5::50%25 of%0Aa:b\n")
        #expect(GitHubText.command(.notice, "x", path: nil, line: 0, column: 0) == "::notice::x\n")
        let drifted = Sample.report(
            "faq", .drifted, deployed: nil, differs: true, action: .deployment,
            guards: [GuardVerdict(.sessions, .wait, "2 active, at most 0")])
        #expect(
            GitHubText.plan(RunReport.sample([drifted, Sample.report()]).plan)
                == "::warning file=bots/faq.yaml::faq in PRODUCTION: nothing → v_67890, deployment; "
                + "sessions: 2 active, at most 0\n")
    }

    @Test("JUnit is well-formed whatever the message")
    func junit() {
        let bad = Problem(path: "bots/x.yaml", line: 3, column: 5, message: "a < \"b\" & \u{1}")
        #expect(
            JUnitText.text([("bots/ok.yaml", []), ("bots/x.yaml", [bad])]) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites>
                  <testsuite name="ballast validate" tests="2" failures="1">
                    <testcase classname="manifest" name="bots/ok.yaml"/>
                    <testcase classname="manifest" name="bots/x.yaml">
                      <failure message="a &lt; &quot;b&quot; &amp; \u{FFFD}">bots/x.yaml:3:5: a &lt; &quot;b&quot; &amp; \u{FFFD}</failure>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }

    @Test("a refused rollback says where the commit is and how it gets in")
    func rollback() {
        let commit = RollbackCommit(id: Sample.commit, path: "bots/faq.yaml", from: "v_2", to: "v_1", reverts: nil)
        let refused = RollbackOutcome.refused(
            commit, branch: "ballast/rollback-faq-1", answer: "protected\u{1B}[2J branch",
            mergeRequest: "https://forge/new")
        #expect(
            RollbackText.of(refused, name: "faq", branch: "main") == """
                ballast: main refused the push: protected[2J branch
                  bots/faq.yaml: faq from v_2 to v_1 was pushed to ballast/rollback-faq-1 as a1b2c3d4; nothing is rolled out \
                before it is merged.
                  Open a merge request: https://forge/new
                """)
        #expect(
            RollbackText.of(.pushed(commit), name: "faq", branch: "main")
                == "ballast: bots/faq.yaml: faq from v_2 to v_1 was pushed to main as a1b2c3d4")
    }

    @Test("YAML keeps texts texts and says null")
    func yaml() throws {
        struct Value: Encodable {
            var version = "1.10"
            var flag = "true"
            @OrNull var nothing: String?
        }
        #expect(try Printer.yaml(Value()) == "flag: 'true'\nnothing: null\nversion: '1.10'\n")
    }

    @Test("what init writes is good")
    func templates() throws {
        #expect(InitTemplates.isAccepted(url: "git@git.example:team/bots.git", branch: "main"))
        #expect(!InitTemplates.isAccepted(url: "https://user:password@git.example/bots.git", branch: "main"))
        let decoded = ManifestDecoder(platforms: ["default"]).decode(
            file: Array(InitTemplates.manifest.utf8), path: "bots/example.yaml")
        #expect(decoded.allProblems.isEmpty)
        #expect(decoded.parts.first?.manifest?.spec.mode == .alert)
    }

    @Test(
        "scalars mean in YAML what they are",
        arguments: [
            ("bot_12345", "bot_12345"), ("1.10", "\"1.10\""), ("true", "\"true\""), ("a: b", "\"a: b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""), ("", "\"\""), ("a#b", "\"a#b\""), ("-", "\"-\""),
        ])
    func scalar(text: String, written: String) { #expect(YAMLText.scalar(text) == written) }

    @Test("names of imported manifests are names, and each is one bot's")
    func names() {
        var taken: Set<String> = ["bot-1-production"]
        let key = BotKey(platform: "default", botId: "bot_1", environment: "PRODUCTION")
        #expect(ImportWriter.name(for: key, taken: &taken) == "bot-1-production-2")
        let strange = BotKey(platform: "default", botId: "日/..", environment: "Ü")
        #expect(ImportWriter.name(for: strange, taken: &taken) == "bot")
        let long = BotKey(platform: "p", botId: String(repeating: "x", count: 200), environment: "E")
        #expect(ImportWriter.name(for: long, taken: &taken).count == 63)
        #expect(ImportWriter.name(for: long, taken: &taken).hasSuffix("-2"))
    }

    @Test("an audit record in one line")
    func record() {
        let record = JSONValue.object([
            "auditTimestamp": .string("2026-11-22T10:00:00.000Z"), "chain": .object(["index": .integer(7)]),
            "type": .string("rollout.guard"), "guard": .string("sessions"), "detail": .string("0 active"),
            "bot": .object(["name": .string("faq")]), "decidedBy": .string("Alice <a@example.com>"),
        ])
        #expect(
            RecordText.table([record], colors: false) == """
                INDEX  TIME                  WHAT                    BOT  WHO                    MESSAGE
                7      2026-11-22 10:00:00Z  rollout.guard sessions  faq  Alice <a@example.com>  0 active

                """)
    }
}
