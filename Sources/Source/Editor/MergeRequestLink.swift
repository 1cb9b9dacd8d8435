import Foundation
import Git

/// Where a person opens a merge request for a pushed branch, on the forges whose addresses are known.
enum MergeRequestLink {
    /// - Returns: `nil` for a path, and for a host that is no known forge.
    static func link(for address: GitAddress, branch: String, into target: String) -> String? {
        guard !address.host.isEmpty, let from = escaped(branch), let onto = escaped(target) else { return nil }
        var path = address.path
        while path.hasPrefix("/") { path.removeFirst() }
        if path.hasSuffix(".git") { path.removeLast(4) }
        guard !path.isEmpty, let project = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) else {
            return nil
        }
        let base = "https://\(address.host)/\(project)"
        let labels = address.host.split(separator: ".")
        if address.host == "github.com" || labels.contains("github") {
            return "\(base)/compare/\(onto)...\(from)?expand=1"
        }
        if labels.contains("gitlab") {
            return "\(base)/-/merge_requests/new?merge_request%5Bsource_branch%5D=\(from)"
                + "&merge_request%5Btarget_branch%5D=\(onto)"
        }
        if address.host == "bitbucket.org" {
            return "\(base)/pull-requests/new?source=\(from)&dest=\(onto)"
        }
        if address.host == "codeberg.org" || labels.contains("gitea") || labels.contains("forgejo") {
            return "\(base)/compare/\(onto)...\(from)"
        }
        return nil
    }

    private static func escaped(_ branch: String) -> String? {
        branch.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~/")))
    }
}
