import Foundation
import Glibc

/// Processes that work in a folder that is about to go: nobody else's can.
enum Leftovers {
    static func end(in folder: String) {
        let folder = URL(filePath: folder).resolvingSymlinksInPath().path
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = Int32(name), process != getpid(),
                let place = try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd"),
                place == folder || place.hasPrefix(folder + "/")
            else { continue }
            // It ends a stopped one, too.
            kill(process, SIGKILL)
        }
    }
}
