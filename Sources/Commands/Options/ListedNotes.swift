import Audit
import Dispatch
import Domain
import Source
import Synchronization

/// The verifier reads notes on its own thread; git is asked for them meanwhile, a page at a time.
struct ListedNotes: NotePages {
    let listing: NoteListing

    private typealias Page = [(commit: CommitID, content: NoteListing.Content)]

    /// What the thread waits for.
    private final class Answer: Sendable {
        let page = Mutex<Answered<Page>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    func each(_ take: (CommitID, String?) throws -> Void) throws {
        for number in 0..<listing.pageCount {
            for (commit, content) in try page(number) {
                if case .text(let text) = content { try take(commit, text) } else { try take(commit, nil) }
            }
        }
    }

    private func page(_ number: Int) throws -> Page {
        let answer = Answer()
        let listing = listing
        Task {
            let page = await listing.page(number)
            answer.page.withLock { $0 = page }
            answer.isThere.signal()
        }
        answer.isThere.wait()
        return try answer.page.withLock { $0 }?.get() ?? []
    }
}
