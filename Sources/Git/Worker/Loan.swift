/// What a new copy takes from another one on this machine instead of fetching it: objects, by git's own `alternates`, and the
/// refs that tell the remote which of them are here.
struct Loan {
    /// Path of a bare repository.
    let lender: String

    /// - Parameter path: of a bare repository without objects.
    func take(into path: String) throws {
        // A line that begins otherwise is a comment, or relative to the borrower.
        guard lender.hasPrefix("/"), !lender.contains("\n"), Files.exists("\(lender)/objects") else { return }
        try Files.write("\(lender)/objects\n", to: "\(path)/objects/info/alternates")
        try copyRefs(into: path)
    }

    /// A transfer from a path is told what is here by refs of the remote's own names, which have to be what the remote once had:
    /// what the lender fetched. One from a server is told by any refs, and passes over what it does not know: those that the
    /// lender wrote itself and pushed, too.
    private func copyRefs(into path: String) throws {
        let other = try Repository(bareAt: lender)
        let own = try Repository(bareAt: path)
        let fetched = Refs.fetched("refs/")
        for name in try other.refNames(under: fetched) {
            guard let id = try other.ref(name) else { continue }
            for ref in [name, "refs/" + name.dropFirst(fetched.count)] { _ = try own.moveRef(ref, from: nil, to: id) }
        }
        for name in try other.refNames(under: "refs/notes/") {
            guard let id = try other.ref(name) else { continue }
            _ = try own.moveRef(Self.folder + name.dropFirst("refs/".count), from: nil, to: id)
        }
    }

    /// Nobody reads what is below.
    private static let folder = "refs/loan/"
}
