import Documents
import Domain
import Foundation

/// What tells two states of a document apart (see `DocumentReading.Outcome`).
struct ManifestDigest: Sendable {
    let digest: any Digests

    func outcome(of part: DecodedPart) -> DocumentReading.Outcome {
        switch part.result {
        case .problems(let problems):
            return .problems(problems, name: part.name, key: part.key)
        case .manifest(let manifest):
            let spec = part.rawSpec.map { DocumentTexts.normal($0) } ?? encoded(manifest.spec)
            return .manifest(manifest, digest: digest.sha256(encoded(manifest)), specDigest: digest.sha256(spec))
        }
    }

    /// Keys sorted, so that equal values have equal bytes. Plain values of strings, numbers and booleans always encode.
    private func encoded(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { Array($0) } ?? Array("\(value)".utf8)
    }
}
