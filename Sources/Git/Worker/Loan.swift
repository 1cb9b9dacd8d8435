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

    /// What the lender fetched, and never what it wrote itself: the remote need not have that. A transfer from a path is told
    /// what is here by refs of the remote's own names, one from a server by any refs.
    private func copyRefs(into path: String) throws {
        let other = try Repository(bareAt: lender)
        let own = try Repository(bareAt: path)
        for name in try other.refNames(under: Refs.fetched("refs/")) {
            guard let id = try other.ref(name) else { continue }
            let plain = "refs/" + name.dropFirst(Refs.fetched("refs/").count)
            for ref in [name, plain] { _ = try own.moveRef(ref, from: nil, to: id) }
        }
    }
}
