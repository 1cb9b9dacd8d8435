/// Notes that could not be brought to the remote: told after an hour, over restarts too, and their end.
extension Engine {
    static let unpublishedAfter = Span.hours(1)

    /// - Parameters:
    ///   - failure: of the last try; nil: it succeeded.
    ///   - place: which of the two ways it was.
    mutating func remember(_ failure: String?, _ place: WritableKeyPath<FleetRecord, NotesTrouble?>) {
        let known = fleet[keyPath: place]
        let found = failure.map { NotesTrouble(reason: $0, since: known?.since ?? now.tick) }
        if known != found { updateFleet { $0[keyPath: place] = found } }
        tellUnpublished()
    }

    /// Once, and again while it lasts.
    private mutating func tellUnpublished() {
        let troubles = [fleet.notesUnpushed, fleet.notesUnwritten].compactMap(\.self)
        let told = fleet.unpublishedToldAt
        guard let oldest = troubles.min(by: { $0.since < $1.since }) else {
            guard told != nil else { return }
            updateFleet { $0.unpublishedToldAt = nil }
            emit(
                "audit.mended", about: .audit, .info, .success, "the audit notes are published again",
                ending: "audit.unpublished")
            return
        }
        guard now.tick >= oldest.since + Engine.unpublishedAfter else { return }
        if let told, now.tick < told + settings.reconcile.repeatInterval { return }
        let tick = now.tick
        updateFleet { $0.unpublishedToldAt = tick }
        let deed = oldest == fleet.notesUnpushed ? "pushed" : "written"
        emit(
            "audit.unpublished", about: .audit, .error, .failed,
            "audit notes could not be \(deed) for an hour: \(oldest.reason)")
    }
}
