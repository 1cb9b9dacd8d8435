import CAllocator

/// Memory that was freed, and that the allocator keeps for later.
package enum FreedMemory {
    /// Gives it back to the system. A start and a pass over many bots need much for a moment; without this a server that
    /// then has nothing to do would hold it for the rest of its life. Takes a few milliseconds; does nothing where the C
    /// library is not GNU's.
    package static func giveBack() {
        #if canImport(Glibc)
            _ = malloc_trim(0)
        #endif
    }
}
