import Foundation
import Support
import Testing

@Suite struct KubernetesTests {
    static let base = "kubernetes/base"
    /// A release of Kubernetes that is some years old, and a newer one.
    static let versions = ["1.29", "1.33"]

    @Test func `the base lists what stands in its folder`() throws {
        let kustomization = try DeployFolder.yaml("\(Self.base)/kustomization.yaml")
        let resources = Set(kustomization["resources"] as? [String] ?? [])
        let generated = Set(member(kustomization, "configMapGenerator", "0", "files") as? [String] ?? [])
        let files = Set(try DeployFolder.files(Self.base))
        #expect(resources.union(generated).union(["kustomization.yaml"]) == files)
        let component = "kubernetes/prometheus-operator"
        let listed = try DeployFolder.yaml("\(component)/kustomization.yaml")["resources"] as? [String] ?? []
        #expect(Set(listed).union(["kustomization.yaml"]) == Set(try DeployFolder.files(component)))
    }

    @Test(.enabled(if: DeployFolder.has("kubernetes-validate"), "needs kubernetes-validate"), arguments: versions)
    func `every object is one of Kubernetes, without a field that it does not know`(version: String) async throws {
        let resources = try DeployFolder.yaml("\(Self.base)/kustomization.yaml")["resources"] as? [String] ?? []
        #expect(!resources.isEmpty)
        for file in resources {
            let output = try await DeployFolder.check(
                "kubernetes-validate", ["--strict", "-k", version, file], in: Self.base)
            #expect(output.succeeded, "\(file) \(output)")
        }
    }

    @Test func `one pod at a time owns the state`() throws {
        let deployment = try DeployFolder.yaml("\(Self.base)/deployment.yaml")
        #expect(member(deployment, "spec", "replicas") as? Int == 1)
        #expect(member(deployment, "spec", "strategy", "type") as? String == "Recreate")
        // Longer than the 10 s in which it ends.
        let grace = member(deployment, "spec", "template", "spec", "terminationGracePeriodSeconds") as? Int ?? 0
        #expect(grace >= 15)
    }

    @Test func `the pod may do as little as can be`() throws {
        let deployment = try DeployFolder.yaml("\(Self.base)/deployment.yaml")
        let pod = member(deployment, "spec", "template", "spec")
        #expect(member(pod, "securityContext", "runAsNonRoot") as? Bool == true)
        #expect(member(pod, "securityContext", "seccompProfile", "type") as? String == "RuntimeDefault")
        #expect(member(pod, "automountServiceAccountToken") as? Bool == false)
        let container = member(pod, "containers", "0")
        #expect(member(container, "securityContext", "allowPrivilegeEscalation") as? Bool == false)
        #expect(member(container, "securityContext", "readOnlyRootFilesystem") as? Bool == true)
        #expect(member(container, "securityContext", "capabilities", "drop") as? [String] == ["ALL"])
        #expect(member(container, "resources", "limits", "memory") != nil)
    }

    /// A Service called `ballast` gives its pods BALLAST_PORT and others, which would be taken for overrides of fields.
    @Test func `service links do not override the configuration`() throws {
        let deployment = try DeployFolder.yaml("\(Self.base)/deployment.yaml")
        #expect(member(deployment, "spec", "template", "spec", "enableServiceLinks") as? Bool == false)
    }

    @Test func `probes, ports and labels meet`() throws {
        let deployment = try DeployFolder.yaml("\(Self.base)/deployment.yaml")
        let container = member(deployment, "spec", "template", "spec", "containers", "0")
        for (probe, path) in [
            ("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz"),
        ] {
            #expect(member(container, probe, "httpGet", "path") as? String == path)
            #expect(member(container, probe, "httpGet", "port") as? String == "http")
        }
        #expect(member(container, "ports", "0", "name") as? String == "http")
        let label = member(deployment, "spec", "template", "metadata", "labels") as? [String: String]
        let service = try DeployFolder.yaml("\(Self.base)/service.yaml")
        let policy = try DeployFolder.yaml("\(Self.base)/networkpolicy.yaml")
        #expect(member(deployment, "spec", "selector", "matchLabels") as? [String: String] == label)
        #expect(member(service, "spec", "selector") as? [String: String] == label)
        #expect(member(service, "spec", "ports", "0", "targetPort") as? String == "http")
        #expect(member(policy, "spec", "podSelector", "matchLabels") as? [String: String] == label)
    }
}
