import Foundation
import Simulator
import Support
import Testing

/// The dashboard as a person's browser has it.
@Suite(
    "The dashboard in a browser", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Browser.isInstalled, "needs chromium and chromedriver (Debian: chromium, chromium-driver)"))
struct BrowserTests {
    private static let open = "server: {port: 0}\nreconcile: {interval: 5s}\n"

    /// A server without tokens, with a bot that failed over, one that is as it should be, and one that is broken.
    private func withFleet(_ body: (Stage, String, Browser) async throws -> Void) async throws {
        try await Stage.run(Self.open) { plain in
            let ballast = BallastRun(folder: plain.folder.path, environment: ["BALLAST_SOURCE_INTERVAL": "1s"])
            let stage = Stage(
                folder: plain.folder, git: plain.git, platform: plain.platform, sink: plain.sink, ballast: ballast)
            stage.platform.add(SimulatedBot(id: "bot_2", versionIds: ["v_1"]))
            try await stage.git.commit(
                ["bots/faq.yaml": Sample.manifest("faq", bot: "bot_2", version: "v_1")], message: "faq")
            try await stage.push("v_1")
            let exitCode = try await Served.start(stage, log: "serve.log") { served in
                try await eventually("the first version serves") { stage.served == "v_1" }
                try await stage.git.commit(
                    [
                        "bots/order-support.yaml": Sample.manifest(version: "v_2"),
                        "bots/broken.yaml": "apiVersion: ballast/v1\nkind: BotVersion\nmetadata: {name: broken}\n",
                    ], message: "<script>alert(1)</script> & \"friends\"")
                try await stage.git.push()
                try await eventually("it failed over") {
                    try await ballast("status", "order-support").standardOutput.contains("failed-over")
                }
                try await Browser.run(in: stage.folder) { try await body(stage, served.url, $0) }
            }
            #expect(exitCode == 0)
        }
    }

    private static let paths = [
        "/", "/bots/order-support", "/rollouts", "/outbox", "/outbox?status=dead", "/audit", "/delivery?by=bot",
    ]

    /// Every page, the newest rollout's too.
    private func pages(_ url: String, _ browser: Browser) async throws -> [String] {
        try await browser.open(url + "/rollouts")
        let rollout = try await browser.text("document.querySelector('td a').getAttribute('href')")
        return Self.paths + [rollout]
    }

    @Test("no error in the console, no request elsewhere, nothing wider than the screen, in light and dark")
    func quiet() async throws {
        try await withFleet { _, url, browser in
            // What the browser loads for its own first tab is no page of ours.
            try await browser.open("about:blank")
            _ = try await browser.requests()
            for scheme in ["light", "dark"] {
                for width in [390, 1440] {
                    try await browser.prefer(scheme)
                    try await browser.resize(width: width, height: 900)
                    for path in try await pages(url, browser) {
                        try await browser.open(url + path)
                        #expect(try await browser.script("return alert.toString().includes('native')") as? Bool == true)
                        let overflow = try await browser.script(
                            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                        #expect((overflow as? Int ?? 99) <= 0, "\(path) at \(width)")
                    }
                }
            }
            #expect(try await browser.console() == [])
            let requests = try await browser.requests()
            #expect(requests.contains { $0.hasPrefix(url + "/assets/style.css") })
            let elsewhere = requests.filter { !$0.hasPrefix(url + "/") }
            #expect(elsewhere == [])
        }
    }

    @Test("every text has a contrast of at least 4.5 with what lies behind it, in light and dark")
    func contrast() async throws {
        try await withFleet { _, url, browser in
            for scheme in ["light", "dark"] {
                try await browser.prefer(scheme)
                try await browser.resize(width: 1440, height: 900)
                for path in try await pages(url, browser) + ["/bots/nobody"] {
                    try await browser.open(url + path)
                    let result = try await browser.script(PageScripts.contrast) as? [String: Any]
                    #expect((result?["seen"] as? Int ?? 0) > 5, "\(path)")
                    #expect(result?["poor"] as? [String] == [], "\(path) in \(scheme)")
                }
            }
        }
    }

    @Test("without scripts every page shows the same, and the filter and the links work")
    func withoutScripts() async throws {
        try await withFleet { _, url, browser in
            try await browser.disableScripts(true)
            try await browser.open(url + "/?state=failed&name=ORDER")
            let html = try await browser.devTools("DOM.getDocument", ["depth": -1])
            let text = "\(html)"
            #expect(text.contains("order-support") && text.contains("Failed over"))
            #expect(!text.contains("No bot fits this filter."))
            #expect(text.contains("As of "))
            try await browser.disableScripts(false)
            #expect(try await browser.console() == [])
        }
    }

    @Test("the keyboard alone reaches the content, every link and the form, and what has the focus is seen")
    func keyboard() async throws {
        try await withFleet { _, url, browser in
            try await browser.open(url + "/")
            try await browser.press("\u{E004}")
            #expect(try await browser.text("document.activeElement.textContent") == "Skip to the content")
            try await browser.press("\u{E007}")
            #expect(try await browser.text("location.hash") == "#main")
            let wanted = Set(try await browser.strings(PageScripts.focusable))
            var reached: Set<String> = []
            for _ in 0..<wanted.count * 2 {
                try await browser.press("\u{E004}")
                reached.insert(try await browser.text(PageScripts.nameOfFocus))
                let outline = try await browser.text("getComputedStyle(document.activeElement).outlineStyle")
                let isBody = try await browser.script("return document.activeElement === document.body") as? Bool
                #expect(isBody == true || outline != "none")
                if reached.isSuperset(of: wanted) { break }
            }
            #expect(wanted.subtracting(reached) == [])
        }
    }

    @Test("what happens is shown without a reload; what has the focus or is unfolded stays so")
    func live() async throws {
        try await withFleet { stage, url, browser in
            try await browser.open(url + "/bots/order-support")
            _ = try await browser.script("document.querySelector('summary').click(); window.mark = 'kept'")
            _ = try await browser.script("document.querySelector('details').open = true")
            _ = try await browser.script("document.querySelector('main a').focus()")
            try await stage.push("v_3")
            try await eventually("the page shows the new version", timeout: .seconds(60)) {
                try await browser.text("document.querySelector('main').innerText").contains("v_3 serves")
            }
            #expect(try await browser.text("window.mark") == "kept")
            #expect(try await browser.script("return document.querySelector('details').open") as? Bool == true)
            #expect(try await browser.text("document.activeElement.tagName") == "A")
            #expect(try await browser.text("document.getElementById('pulse').className") == "good")
            _ = try await browser.script("document.getElementById('pause').click()")
            #expect(try await browser.text("document.getElementById('pulse').innerText").hasPrefix("Paused"))
            #expect(try await browser.console() == [])
        }
    }

    @Test("a person signs in with the form, looks, and signs out") func signIn() async throws {
        try await Served.run { served in
            try await Browser.run(in: served.stage.folder) { browser in
                try await browser.open(served.url + "/audit")
                #expect(try await browser.text("document.activeElement.id") == "token")
                for letter in "the token of looker" { try await browser.press(String(letter)) }
                try await browser.press("\u{E007}")
                try await eventually("the page that was asked for") {
                    try await browser.text("document.querySelector('h1').innerText").hasPrefix("The audit trail")
                }
                #expect(try await browser.text("document.cookie") == "")
                #expect(try await browser.text("document.querySelector('.out').innerText").contains("looker"))
                _ = try await browser.script("document.querySelector('.out button').click()")
                try await eventually("the form again") {
                    try await browser.text("document.querySelector('h1').innerText") == "Sign in"
                }
                // A page that needs a token says so with 401; nothing else is an error.
                let unexpected = try await browser.console().filter { !$0.contains("401") }
                #expect(unexpected == [])
            }
        }
    }
}

/// What a page is asked for.
enum PageScripts {
    /// WCAG 2.2, 1.4.3: of every text that is seen, against the nearest ground that is painted behind it.
    static let contrast = #"""
        const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
        const part = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
        const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
        const ground = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
          }
          return [255, 255, 255];
        };
        const poor = []; let seen = 0;
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
          const element = walk.currentNode.parentElement;
          if (!walk.currentNode.data.trim() || element.closest(".unseen, option, script, .skip")) continue;
          const box = element.getBoundingClientRect();
          if (!box.width || !box.height) continue;
          const style = getComputedStyle(element), isDrawn = element instanceof SVGElement;
          const front = parse(isDrawn ? style.fill : style.color);
          const [a, b] = [light(front), light(ground(isDrawn ? element.closest("figure") || element : element))];
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          seen += 1;
          if (ratio < 4.5) poor.push(`${element.tagName}.${element.getAttribute("class")} ${ratio.toFixed(2)} ${walk.currentNode.data.trim().slice(0, 30)}`);
        }
        return { seen, poor: [...new Set(poor)] };
        """#

    private static let name = """
        (e) => `${e.tagName} ${e.id || e.getAttribute('href') || e.getAttribute('aria-labelledby') || e.innerText}`
        """

    static let focusable = """
        const name = \(name);
        return [...document.querySelectorAll('main a, main input, main select, main button, main [tabindex="0"]')]
          .filter((e) => e.getBoundingClientRect().width > 0).map(name);
        """

    static let nameOfFocus = "(\(name))(document.activeElement)"
}
