package import Domain

/// One event in a list.
package struct EventRow: Sendable {
    var id: String
    var type: String
    var time: Moment
    var face: Face
    var message: String
    var subject: String
    /// None: it is about no bot.
    var botLinks: [String]
    var rolloutLinks: [String]

    package init(_ event: Event) {
        id = Words.clean(event.id)
        type = Words.clean(event.type)
        time = Moment(event.time)
        face = Face(event.severity)
        message = Words.clean(event.message)
        subject = Words.clean(event.bot?.name ?? event.stream)
        botLinks = event.bot.map { [Link.bot($0.key)] } ?? []
        rolloutLinks = event.rollout.map { [Link.rollout($0.id)] } ?? []
    }
}
