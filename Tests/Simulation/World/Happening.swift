package import Domain

/// Something that happens in the world by itself. Bots, sinks and platforms are named by their position.
package enum Happening: Hashable, Sendable {
    /// One commit on the branch; by bot.
    case commit([Int: Change], isSigned: Bool)
    /// The newest commit of the branch is taken back by another one.
    case revert(isSigned: Bool)
    /// Somebody pushes by force: so many commits are gone.
    case rewind(Int)
    /// Somebody pushes a history without a common commit.
    case rewrite([Int: Change])
    /// Somebody deploys behind git's back.
    case deployed(bot: Int, version: String, by: Stranger, takes: Span)
    case sessions(bot: Int, Int)
    case published(bot: Int, version: String, Bool)
    case decision(Choice)
    /// A webhook says that something was pushed.
    case hook
    /// A person asks for a whole pass.
    case pass
    /// Somebody sets the machine's wall clock, by milliseconds.
    case clock(Int64)
    /// SIGKILL, and a restart after that time.
    case killed(Span)
    /// SIGTERM, and a restart after that time.
    case stopped(Span)
    /// A second process is started on the same state.
    case second
    case away(Place, Span)
    /// Another writer adds a line to the remote's notes.
    case strangersNote

    package enum Change: Hashable, Sendable {
        case manifest(Manifest.Spec)
        case removed
        case bad
    }

    package enum Stranger: String, Hashable, Sendable { case person, otherBallast }

    package enum Place: Hashable, Sendable {
        case remote
        case platform(String)
        case sink(String)
    }

    /// What a person decides; what it is about is found when it happens.
    package enum Choice: Hashable, Sendable {
        case release(bot: Int)
        case releasePlatform(String)
        case waive(bot: Int, Guard)
        case suspend(bot: Int?, platform: String?, Span?)
        case resume(bot: Int?, platform: String?)
        /// Whatever is held: a head, else a move.
        case approve(mayOverrideTrust: Bool)
        case approveDrift(String)
        case rollback(bot: Int, version: String?)
        case enableSinks
    }
}
