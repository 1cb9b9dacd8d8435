import Mustache

/// Renders view models: the only place where HTML is made.
package struct Pages: Sendable {
    package enum Content: Sendable {
        case fleet(FleetView)
        case bot(BotView)
        case rollouts(RolloutsView)
        case rollout(RolloutView)
        case outbox(OutboxView)
        case audit(AuditView)
        case delivery(DeliveryView)
        case signIn(SignInView)
        case fault(FaultView)
    }

    package struct Page: Sendable {
        package var html: String
        /// Of its main part.
        package var revision: String
    }

    private let library: MustacheLibrary

    /// - Throws: a template's mistake, which a test would have shown.
    package init() throws {
        MustacheContentTypes.register(PageEscaping(), named: PageEscaping.name)
        var library = MustacheLibrary()
        for (name, text) in Templates.all { try library.register(PageEscaping.pragma + text, named: name) }
        self.library = library
    }

    package func page(_ content: Content, _ chrome: Chrome) -> Page {
        let (name, view) = Self.template(content)
        let main = library.render(view, withTemplate: name) ?? ""
        var chrome = chrome
        chrome.main = main
        chrome.revision = Assets.digest(main)
        return Page(html: library.render(chrome, withTemplate: "layout") ?? "", revision: chrome.revision)
    }

    private static func template(_ content: Content) -> (String, any Sendable) {
        switch content {
        case .fleet(let view): ("fleet", view)
        case .bot(let view): ("bot", view)
        case .rollouts(let view): ("rollouts", view)
        case .rollout(let view): ("rollout", view)
        case .outbox(let view): ("outbox", view)
        case .audit(let view): ("audit", view)
        case .delivery(let view): ("delivery", view)
        case .signIn(let view): ("sign-in", view)
        case .fault(let view): ("fault", view)
        }
    }
}
