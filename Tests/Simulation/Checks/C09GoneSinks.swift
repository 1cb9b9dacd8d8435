import Domain

/// 9. A sink that said 410 is sent nothing more until a person enables it.
struct GoneSinks: Checker {
    let invariant = 9
    private var goneAt: [String: Int64] = [:]

    /// What was under way with the attempt that it refused so, in milliseconds.
    static let underWay: Int64 = 1_000

    mutating func see(_ sight: Sight, in scene: Scene) -> String? {
        switch sight {
        // What it said may have died with the process, unless it stands in the journal.
        case .died: goneAt = goneAt.filter { scene.journal.sinks[$0.key]?.disabled != nil }
        case .decided(.enableSink(let name)): goneAt[name] = nil
        case .attempted(let sink, let event, let answer, _):
            if let gone = goneAt[sink], scene.elapsed > gone + Self.underWay {
                return "\(sink) was sent \(event.type) though it had said that it is gone"
            }
            if case .gone = answer, goneAt[sink] == nil { goneAt[sink] = scene.elapsed }
        default: break
        }
        return nil
    }
}
