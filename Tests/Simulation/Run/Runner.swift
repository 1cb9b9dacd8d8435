import Domain
import Foundation

/// Runs worlds, each in a folder of its own that is gone afterwards.
package enum Runner {
    /// Where there is memory that looks like a disk, that is used.
    package static let base: String = {
        let memory = "/dev/shm"
        let folder = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        return folder + "/ballast-simulation-\(ProcessInfo.processInfo.processIdentifier)"
    }()

    package static func run(
        _ world: World, faults: FaultPlan.List? = nil, cell: MatrixCell? = nil, sabotage: Sabotage? = nil,
        watching invariants: Set<Int> = [], isTold: Bool = false, name: String = "run"
    ) async -> RunReport {
        let folder = "\(base)/\(name)-\(world.seed)"
        let files = FileManager.default
        try? files.removeItem(atPath: folder)
        try? files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        return await Simulation(
            world, faults: faults, cell: cell, sabotage: sabotage, folder: folder, isTold: isTold,
            checkers: Checkers.of(invariants)
        ).run()
    }

    package static func run(
        seed: UInt64, hours: Double? = nil, watching invariants: Set<Int> = [], isTold: Bool = false
    ) async -> RunReport {
        await run(WorldDraw.world(seed: seed, hours: hours), watching: invariants, isTold: isTold)
    }

    /// When everything is over.
    package static func clean() { try? FileManager.default.removeItem(atPath: base) }
}
