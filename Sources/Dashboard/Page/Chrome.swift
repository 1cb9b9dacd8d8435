package import Domain

/// What surrounds every page.
package struct Chrome: Sendable {
    struct Item: Sendable {
        var title: String
        var href: String
        var isCurrent: Bool
    }

    package enum Section: String, Sendable, CaseIterable { case fleet, rollouts, delivery, outbox, audit }

    var title: String
    var items: [Item]
    /// The token's name; none: nobody signed in.
    var who: [String]
    var rendered: Moment
    /// How often a page with scripts looks for changes.
    var pollSeconds: String
    var styleHref = Assets.styleHref
    var scriptHref = Assets.scriptHref
    var iconHref = Assets.iconHref
    /// Digest of the main part, so that a look which finds nothing new costs little.
    var revision = ""
    var main = ""
    var hasNavigation: Bool

    /// - Parameters:
    ///   - who: the token's name, where a browser signed in with one.
    ///   - isBusy: something on this page changes by itself.
    package init(
        title: String, section: Section?, who: String?, now: Timestamp, isBusy: Bool = false, hasNavigation: Bool = true
    ) {
        self.title = Words.clean(title)
        items = [
            (Section.fleet, "Fleet", Link.fleet), (.rollouts, "Rollouts", Link.rollouts),
            (.delivery, "Delivery", Link.delivery), (.outbox, "Outbox", Link.outbox), (.audit, "Audit", Link.audit),
        ].map { Item(title: $0.1, href: $0.2, isCurrent: $0.0 == section) }
        self.who = who.map { [Words.clean($0)] } ?? []
        rendered = Moment(now)
        pollSeconds = isBusy ? "2" : "10"
        self.hasNavigation = hasNavigation
    }
}

/// The form in which a browser hands over its token.
package struct SignInView: Sendable {
    var next: String
    /// "": nothing went wrong yet.
    var failure: String
    var hasFailed: Bool

    package init(next: String, failure: String = "") {
        self.next = Link.local(next)
        self.failure = Words.clean(failure)
        hasFailed = !failure.isEmpty
    }
}

/// A page that cannot be shown, and why.
package struct FaultView: Sendable {
    var title: String
    var detail: String
    var requestId: String

    package init(title: String, detail: String, requestId: String) {
        self.title = Words.clean(title)
        self.detail = Words.clean(detail)
        self.requestId = Words.clean(requestId)
    }
}
