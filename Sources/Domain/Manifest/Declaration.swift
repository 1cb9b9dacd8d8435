/// The desired state of a bot as a commit declared it.
package struct Declaration: Hashable, Codable, Sendable {
    package var manifest: Manifest
    /// Of the whole document; equal digests declare the same.
    package var digest: String
    /// Of `spec` alone: a change lifts a quarantine.
    package var specDigest: String
    package var path: String
    /// Position of the document in its file, from 0.
    package var index: Int
    package var provenance: Provenance

    package init(
        manifest: Manifest, digest: String, specDigest: String, path: String, index: Int, provenance: Provenance
    ) {
        self.manifest = manifest
        self.digest = digest
        self.specDigest = specDigest
        self.path = path
        self.index = index
        self.provenance = provenance
    }
}
