import Glibc

/// How the present log becomes a closed one. Its records are on the disk before; after each step a start finds them, by the
/// file's old name or by its new one, and goes on after the last of them. So a crash between any two steps loses nothing.
struct LogClosing {
    let path: String
    let target: String

    enum Step: CaseIterable {
        /// One instruction: no reader finds the file under both names, or under neither.
        case rename
        case syncFolder
        /// Empty, for the records that follow.
        case create
    }

    /// - Parameters:
    ///   - first: the chain's first record in the file.
    init(path: String, first: Int64, chain: String) {
        self.path = path
        let plain = LogFiles.closedPath(of: path, first: first)
        target = Self.exists(plain) ? LogFiles.closedPath(of: path, first: first, chain: chain) : plain
    }

    func perform(_ step: Step) throws(AuditError) {
        switch step {
        case .rename:
            // Nothing is ever written over. Only the owner of the state makes such names.
            guard !Self.exists(target) else { throw failure("\(LogFiles.name(of: target)) is there already") }
            guard Glibc.rename(path, target) == 0 else { throw failure(String(cString: strerror(errno))) }
        case .syncFolder: LogFile.syncFolder(of: path)
        case .create: _ = try LogFile(path: path, access: .append)
        }
    }

    private func failure(_ reason: String) -> AuditError {
        AuditError(
            .logUnwritable,
            "cannot close the audit log \(path) as \(LogFiles.name(of: target)): \(reason); make its folder writable, and "
                + "move away what has that name")
    }

    private static func exists(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0
    }
}
