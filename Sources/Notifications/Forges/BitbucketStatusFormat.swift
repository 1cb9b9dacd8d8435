import Crypto
import Domain
import FoundationEssentials

/// `kind: bitbucket-status`: a build status of the manifest's commit on Bitbucket Cloud; a later one of the same key takes
/// the place of the earlier.
struct BitbucketStatusFormat: SinkFormat {
    /// Bitbucket takes 40.
    static let maxKeyCharacters = 40

    let repository: String
    let ref: String

    func begin(_ event: Event, with access: SinkAccess) -> SinkStep {
        guard let status = CommitStatus(event) else { return ForgeStatus.nothingToSay(event) }
        let state =
            switch status.state {
            case .pending: "INPROGRESS"
            case .success: "SUCCESSFUL"
            case .failure: "FAILED"
            case .cancelled: "STOPPED"
            }
        // It must have an address; the commit's own says where the rest is written.
        let page = "https://bitbucket.org/\(repository)/commits/\(status.commit.hex)"
        let request = SinkRequest.post(
            "/repositories/\(repository)/commit/\(status.commit.hex)/statuses/build",
            .object([
                ("key", .string(BitbucketStatusFormat.key(status.context))), ("state", .string(state)),
                ("name", .string(ForgeStatus.context(status))), ("url", .string(page)),
                ("description", .string(ForgeStatus.text(status))), ("refname", .string(ref)),
            ]), headers: [(name: "Authorization", value: BitbucketStatusFormat.authorization(access.token))])
        return only(request, at: access.attemptedAt)
    }

    static func key(_ context: String) -> String {
        let digest = SHA256.hash(data: Data(context.utf8)).map { byte in
            let hex = String(byte, radix: 16)
            return hex.utf8.count == 1 ? "0" + hex : hex
        }.joined()
        return String("ballast-\(digest)".prefix(maxKeyCharacters))
    }

    /// An access token of a repository or workspace, or `USER:TOKEN` of a person.
    private static func authorization(_ token: String) -> String {
        token.contains(":") ? "Basic \(Data(token.utf8).base64EncodedString())" : "Bearer \(token)"
    }
}
