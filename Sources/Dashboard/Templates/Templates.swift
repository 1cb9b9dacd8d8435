/// All templates by name. Text in the binary, so that one file is the whole installation.
enum Templates {
    static let all: [String: String] = [
        "layout": layout, "face": face, "time": time, "clock": clock, "ago": ago, "commit": commit, "event": event,
        "rollout-table": rolloutTable, "ladder": ladder, "timeline": timeline, "session-chart": sessionChart,
        "turn-chart": turnChart, "frame": frame, "record-table": recordTable, "step-table": stepTable,
        "record-row": recordRow, "turn-table": turnTable,
        "fleet": fleet, "bot-table": botTable, "bot": bot, "rollouts": rollouts, "rollout": rollout, "outbox": outbox,
        "audit": audit, "delivery": delivery, "sign-in": signIn, "fault": fault,
    ]

    static let layout = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}} · Ballast</title>
        <link rel="icon" href="{{iconHref}}" type="image/svg+xml">
        <link rel="stylesheet" href="{{styleHref}}">
        <script src="{{scriptHref}}" defer></script>
        </head>
        <body data-revision="{{revision}}" data-poll="{{pollSeconds}}"{{#hasNavigation}} data-live="yes"{{/hasNavigation}}>
        <a class="skip" href="#main">Skip to the content</a>
        \(Sprite.symbols)
        <header class="bar">
        <a class="mark" href="/">\(Sprite.mark)Ballast</a>
        {{#hasNavigation}}
        <nav aria-label="Pages"><ul>
        {{#items}}
        <li><a href="{{href}}"{{#isCurrent}} aria-current="page"{{/isCurrent}}>{{title}}</a></li>
        {{/items}}
        </ul></nav>
        <div class="aside">
        <span id="pulse">As of {{#rendered}}{{>time}}{{/rendered}}</span>
        <button type="button" id="pause" aria-pressed="false" aria-label="Pause the refresh" hidden>Pause</button>
        {{#who}}
        <form class="out" method="post" action="/sign-out"><span>Signed in as <bdi>{{.}}</bdi></span> <button type="submit">Sign out</button></form>
        {{/who}}
        </div>
        {{/hasNavigation}}
        </header>
        <p id="said" class="unseen" role="status"></p>
        <main id="main" tabindex="-1">
        {{{main}}}
        </main>
        </body>
        </html>
        """

    static let face = """
        <span class="face {{tone}}"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-{{tone}}"/></svg>{{word}}</span>
        """

    static let time = """
        <time datetime="{{iso}}">{{text}}</time>
        """

    static let clock = """
        <time datetime="{{iso}}" title="{{text}}">{{clock}}</time>
        """

    /// A browser with scripts says how long ago that was.
    static let ago = """
        <time datetime="{{iso}}" data-ago="">{{text}}</time>
        """

    static let commit = """
        <code title="{{sha}}">{{short}}</code> <q>{{title}}</q> <span class="by">by <bdi>{{author}}</bdi>, {{#committed}}{{>time}}{{/committed}}</span>
        """

    static let event = """
        <li>{{#face}}{{>face}}{{/face}}<div><p><code class="type">{{type}}</code> {{#time}}{{>ago}}{{/time}}</p><p>{{#botLinks}}<a href="{{.}}"><bdi>{{subject}}</bdi></a>{{/botLinks}}{{^botLinks}}<bdi>{{subject}}</bdi>{{/botLinks}}: <bdi>{{message}}</bdi>{{#rolloutLinks}} <a class="more" href="{{.}}">rollout</a>{{/rolloutLinks}}</p></div></li>
        """
}
