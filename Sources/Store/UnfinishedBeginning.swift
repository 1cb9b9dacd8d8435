import Foundation

/// A process that dies while it makes a state leaves a page and a journal that says that there was nothing before. A connection
/// that only reads may not take that page back; one that writes does so when it opens the file. Later on the state is in
/// WAL mode and has no such journal, and the journal of another program's database says how much there was.
enum UnfinishedBeginning {
    /// https://www.sqlite.org/fileformat2.html#the_rollback_journal
    private static let magic: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
    /// Where the header has the number of pages that the database had, four bytes.
    private static let pagesBefore = 16..<20

    static func isAt(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path + "-journal") else { return false }
        defer { try? file.close() }
        guard let header = try? file.read(upToCount: pagesBefore.upperBound).map(Array.init),
            header.count == pagesBefore.upperBound
        else { return false }
        return header.starts(with: magic) && header[pagesBefore].allSatisfy { $0 == 0 }
    }
}
