package import Domain
package import Logging

/// One effect → one exchange with the world → what the engine is told of it.
package struct Performer: Sendable {
    /// Tries of one push of the notes against other writers.
    static let maxPushTries = 20

    let ports: ReconcilerPorts
    /// nil: nobody reads how long each took.
    let logger: Logger?
    let measured: @Sendable (Measurement) -> Void

    package init(ports: ReconcilerPorts, logger: Logger?, measured: @escaping @Sendable (Measurement) -> Void) {
        self.ports = ports
        self.logger = logger
        self.measured = measured
    }

    package func perform(_ effect: EngineEffect) async -> EngineInput {
        let begun = ports.clock.now().tick
        let answer = await answer(to: effect)
        let took = ports.clock.now().tick - begun
        for one in Measurement.of(effect, answer, took: took) { measured(one) }
        guard let logger, logger.logLevel <= .debug else { return answer }
        var metadata: Logger.Metadata = ["effect": "\(effect.name)", "milliseconds": "\(took.milliseconds)"]
        if case .looked(.value(let head)) = answer, let span = head.transfer {
            metadata["transferMilliseconds"] = "\(span.milliseconds)"
        }
        logger.debug("performed", metadata: metadata)
        return answer
    }

    private func answer(to effect: EngineEffect) async -> EngineInput {
        switch effect {
        case .look: return .looked(await ports.source.look())
        case .read(let head, let accepted, let everything):
            return .read(await ports.source.read(head: head, since: accepted, everything: everything))
        case .exchange(let id, let platform, let request, let renew):
            guard let port = ports.platforms[platform] else {
                let failure = PlatformFailure(.notSent, "platform \(platform) is not configured")
                return .exchanged(id: id, PlatformExchange(result: .failure(failure)))
            }
            return .exchanged(id: id, await port.perform(request, renewCredentials: renew))
        case .deliver(let event, let sink): return await deliver(event, to: sink)
        case .writeNotes: return await writeNotes()
        case .pushNotes: return await pushNotes()
        case .appendLog: return .logAppended(failure: await ports.journal.appendLog())
        }
    }

    private func deliver(_ id: String, to sink: String) async -> EngineInput {
        let answer: DeliveryAnswer
        do {
            if let port = ports.sinks[sink], let event = try await ports.journal.event(id: id) {
                answer = await port.deliver(event, attemptedAt: ports.clock.now().wall)
            } else {
                answer = .failed(answer: "the event or the sink \(sink) is not there any more", retryAfter: nil)
            }
        } catch {
            answer = .failed(answer: "the event could not be read from the state: \(error)", retryAfter: nil)
        }
        return .delivered(eventId: id, sink: sink, answer)
    }

    private func writeNotes() async -> EngineInput {
        do {
            let due = try await ports.journal.notesDue().filter { !$0.isWritten }
            guard !due.isEmpty else { return .notesWritten([], failure: nil) }
            let additions = Dictionary(grouping: due, by: \.commit)
                .sorted { $0.key < $1.key }
                .map { commit, notes in
                    NoteAddition(
                        commit: commit,
                        lines: notes.sorted { $0.index < $1.index }.map { NoteLine(text: $0.line, record: $0.index) })
                }
            switch await ports.notes.append(additions) {
            case .value: return .notesWritten(due.map(\.index), failure: nil)
            case .failed(let failure) where failure.code == .tooLarge && additions.count > 1:
                return await writeEach(additions)
            case .failed(let failure): return .notesWritten([], failure: failure.message)
            }
        } catch {
            return .notesWritten([], failure: "the notes due could not be read from the state: \(error)")
        }
    }

    /// A note that others made too large takes no record of its own; all others do.
    private func writeEach(_ additions: [NoteAddition]) async -> EngineInput {
        var written: [Int64] = []
        var first: String?
        for addition in additions {
            switch await ports.notes.append([addition]) {
            case .value: written += addition.lines.map(\.record)
            case .failed(let failure): first = first ?? failure.message
            }
        }
        return .notesWritten(written, failure: first)
    }

    private func pushNotes() async -> EngineInput {
        do {
            let due = try await ports.journal.notesDue().filter(\.isWritten)
            for _ in 0..<Performer.maxPushTries {
                switch await ports.notes.push() {
                case .value(.pushed), .value(.upToDate): return .notesPushed(due.map(\.index), failure: nil)
                case .value(.lost): measured(.notesPushLost)
                case .value(let other): return .notesPushed([], failure: "\(other)")
                case .failed(let failure): return .notesPushed([], failure: failure.message)
                }
            }
            return .notesPushed([], failure: "other writers were quicker in \(Performer.maxPushTries) tries")
        } catch {
            return .notesPushed([], failure: "the notes due could not be read from the state: \(error)")
        }
    }
}

extension EngineEffect {
    /// For the log.
    var name: String {
        switch self {
        case .look: "look"
        case .read: "read"
        case .exchange(_, _, let request, _): request.operation
        case .deliver: "deliver"
        case .writeNotes: "write-notes"
        case .pushNotes: "push-notes"
        case .appendLog: "append-log"
        }
    }
}
