import Foundation
import Support
import Testing

/// What is offered for the pipelines of others, and everything that is YAML.
@Suite struct PipelineTests {
    static let workflows = ["github-drift.yaml", "github-pull-request.yaml"]

    @Test(.enabled(if: DeployFolder.has("check-jsonschema"), "needs check-jsonschema"))
    func `the workflows follow GitHub's schema`() async throws {
        let output = try await DeployFolder.check(
            "check-jsonschema", ["--builtin-schema", "vendor.github-workflows"] + Self.workflows, in: "ci")
        #expect(output.succeeded, "\(output)")
    }

    @Test(.enabled(if: DeployFolder.has("check-jsonschema"), "needs check-jsonschema"))
    func `the template follows GitLab's schema`() async throws {
        let output = try await DeployFolder.check(
            "check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci", "gitlab-ci.yaml"], in: "ci")
        #expect(output.succeeded, "\(output)")
    }

    @Test(.enabled(if: DeployFolder.has("zizmor"), "needs zizmor"))
    func `the workflows give nothing away`() async throws {
        let output = try await DeployFolder.check("zizmor", ["--offline", "--no-progress"] + Self.workflows, in: "ci")
        #expect(output.succeeded, "\(output)")
    }

    @Test(.enabled(if: DeployFolder.has("actionlint"), "needs actionlint"))
    func `the workflows have no findings`() async throws {
        let output = try await DeployFolder.check("actionlint", Self.workflows, in: "ci")
        #expect(output.succeeded, "\(output)")
    }

    @Test(.enabled(if: DeployFolder.has("yamllint"), "needs yamllint"))
    func `every file of YAML is tidy`() async throws {
        let rules = """
            {extends: default, rules: {line-length: {max: 160}, document-start: disable, truthy: {check-keys: false}, \
            comments: {min-spaces-from-content: 1}, comments-indentation: disable, braces: {max-spaces-inside: 1}}}
            """
        let output = try await DeployFolder.check("yamllint", ["--strict", "-d", rules, "."])
        #expect(output.succeeded, "\(output)")
    }

    /// A command in a pipeline is one that the program has, with options that it has.
    @Test func `the pipelines call the program as it is`() async throws {
        for file in Self.workflows + ["gitlab-ci.yaml"] {
            let lines = try DeployFolder.text("ci/\(file)").split(separator: "\n").filter {
                $0.contains("ballast validate") || $0.contains("ballast plan")
            }
            #expect(!lines.isEmpty, "\(file)")
            for line in lines {
                let verb = line.contains("ballast plan") ? "plan" : "validate"
                let help = try await checkProcess(try BuiltProducts.ballast(), [verb, "--help"]).standardOutput
                let options = line.split(whereSeparator: { " $()\"".contains($0) }).filter { $0.hasPrefix("--") }
                for option in options { #expect(help.contains(option), "\(file): \(option)") }
            }
        }
    }
}
