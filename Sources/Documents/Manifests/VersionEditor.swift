import Domain

/// Why a version could not be replaced.
package struct VersionEditError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable { case noSuchDocument, badDocument, badVersion, changedMore }

    package var code: Code
    package var message: String
}

extension ManifestDecoder {
    /// Replaces the value of `spec.version` of one document and nothing else: comments, layout, the other documents and
    /// the line ends stay. The result is decoded again, and given out only where it says exactly what was meant.
    /// - Parameter index: position of the document in the file, from 0.
    package func replacingVersion(
        in bytes: [UInt8], document index: Int, with version: String
    ) throws(VersionEditError) -> [UInt8] {
        if let fault = TextRule.id.fault(version) {
            throw VersionEditError(code: .badVersion, message: "the version can't be written: \(fault)")
        }
        let before = decode(file: bytes, path: "")
        guard before.problems.isEmpty, before.parts.indices.contains(index) else {
            throw VersionEditError(code: .noSuchDocument, message: "the file has no document \(index + 1)")
        }
        guard let manifest = before.parts[index].manifest, let range = before.parts[index].versionRange else {
            let reason = before.parts[index].problems.first.map { ": line \($0.line): \($0.message)" } ?? ""
            throw VersionEditError(code: .badDocument, message: "document \(index + 1) is no good manifest\(reason)")
        }
        var meant = before.parts.map(\.manifest)
        var changed = manifest
        changed.spec.version = version
        meant[index] = changed
        for form in VersionEditor.forms(of: version, replacing: bytes[range]) {
            let edited = Array(bytes[..<range.lowerBound]) + Array(form.utf8) + Array(bytes[range.upperBound...])
            let after = decode(file: edited, path: "")
            if after.problems.isEmpty, after.parts.map(\.manifest) == meant { return edited }
        }
        throw VersionEditError(
            code: .changedMore,
            message:
                "the version of document \(index + 1) can't be replaced without changing more of it; edit it by hand")
    }
}

/// How a version can be written, the form nearest to what stands there first; each is proved by decoding.
enum VersionEditor {
    static func forms(of version: String, replacing old: ArraySlice<UInt8>) -> [String] {
        let single = "'" + version.replacingQuotes("'", with: "''") + "'"
        let double = "\"" + version.replacingQuotes("\\", with: "\\\\").replacingQuotes("\"", with: "\\\"") + "\""
        switch old.first {
        case 0x22: return [double, single]
        case 0x27: return [single, double]
        default: return isPlain(version) ? [version, double, single] : [double, single]
        }
    }

    /// Plain where no YAML reader, of 1.1 neither, could take it for anything but text.
    private static func isPlain(_ version: String) -> Bool {
        guard let first = version.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else {
            return false
        }
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        if words.contains(version.lowercased()) { return false }
        return version.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "._-/+".unicodeScalars.contains(scalar))
        }
    }
}

extension String {
    fileprivate func replacingQuotes(_ character: Character, with replacement: String) -> String {
        var result = ""
        for each in self { result += each == character ? replacement : String(each) }
        return result
    }
}
