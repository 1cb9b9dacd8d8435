extension Event {
    /// The tutorial's `eventType`, which groups our types.
    package var eventType: String {
        let family = type.split(separator: ".").first.map(String.init) ?? ""
        switch family {
        case "rollout":
            if type == "rollout.blocked" || type == "rollout.held" || type == "rollout.waiting" {
                return "BOT_VERSION_BLOCKED"
            }
            return rollout?.direction == .deployment ? "BOT_VERSION_DEPLOYMENT" : "BOT_VERSION_ROLLBACK"
        case "drift": return "BOT_VERSION_DRIFT"
        case "decision": return "BOT_DECISION"
        case "source", "commit": return "BOT_SOURCE"
        case "platform": return "BOT_PLATFORM"
        case "manifest", "bot": return "BOT_MANIFEST"
        default: return "BOT_REPORT"
        }
    }
}
