import Foundation
import Glibc

/// What the file system below a path says of itself; SQLite tells a full one and a read-only one as many kinds of errors.
struct StateDisk {
    let isFull: Bool
    let isReadOnly: Bool

    init(of path: String) {
        var figures = statvfs()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let isKnown = statvfs(folder, &figures) == 0
        isFull = isKnown && figures.f_bavail == 0
        isReadOnly = isKnown && figures.f_flag & UInt(ST_RDONLY) != 0
    }
}
