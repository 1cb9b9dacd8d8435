extension Templates {
    static let outbox = """
        <section aria-labelledby="headline">
        <h1 id="headline">Outbox</h1>
        <p class="intro">Every event reaches every matching sink at least once, in order for each bot, or ends here as a dead letter.</p>
        <nav class="tally small" aria-label="Deliveries by status"><ul>
        {{#tabs}}
        <li><a class="{{tone}}{{^isSome}} none{{/isSome}}" href="{{href}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}><span class="number">{{number}}</span> <span class="title"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-{{tone}}"/></svg>{{title}}</span></a></li>
        {{/tabs}}
        </ul></nav>
        </section>
        <section aria-labelledby="sinks"><h2 id="sinks">Sinks</h2>
        {{#hasSinks}}
        <ul class="plain">{{#sinks}}<li>{{#face}}{{>face}}{{/face}} <strong><bdi>{{name}}</bdi></strong> <span class="by">{{kind}}</span> <bdi>{{detail}}</bdi></li>{{/sinks}}</ul>
        {{/hasSinks}}
        {{^hasSinks}}
        <p class="nothing">No sink is configured.</p>
        {{/hasSinks}}
        </section>
        <section aria-labelledby="deliveries"><h2 id="deliveries">{{title}}</h2>
        {{#isDead}}<p class="intro">Send one again with <code>ballast notifications redeliver ID</code>.</p>{{/isDead}}
        {{#isLater}}<p class="intro"><a href="{{newestHref}}">To the newest</a></p>{{/isLater}}
        {{#hasRows}}
        <div class="scroll" role="region" aria-labelledby="deliveries-caption" tabindex="0">
        <table><caption id="deliveries-caption">{{title}}, newest events first</caption>
        <thead><tr><th scope="col">Status</th><th scope="col">Event</th><th scope="col">About</th><th scope="col">Sink</th><th scope="col">Attempts</th><th scope="col">Happened</th><th scope="col">Next attempt</th><th scope="col">Last answer</th></tr></thead>
        <tbody>{{#rows}}<tr class="{{face.tone}}"><td>{{#face}}{{>face}}{{/face}}</td><th scope="row"><code class="type">{{type}}</code><span class="place"><code>{{eventId}}</code></span></th><td><bdi>{{stream}}</bdi></td><td><bdi>{{sink}}</bdi></td><td>{{attempts}}</td><td class="when">{{#time}}{{>ago}}{{/time}}</td><td class="when">{{#next}}{{>ago}}{{/next}}{{^next}}–{{/next}}</td><td class="why"><bdi>{{answer}}</bdi></td></tr>{{/rows}}</tbody></table></div>
        {{/hasRows}}
        {{^hasRows}}
        <p class="nothing">Nothing here.</p>
        {{/hasRows}}
        {{#following}}
        <nav class="pages" aria-label="Pages of deliveries"><a rel="next" href="{{.}}">Older →</a></nav>
        {{/following}}
        </section>
        """

    static let recordTable = """
        <div class="scroll" role="region" aria-labelledby="records-caption" tabindex="0">
        <table class="records"><caption id="records-caption">Each record carries the hash of the one before</caption>
        <thead><tr><th scope="col">Index</th><th scope="col">Time</th><th scope="col">What</th><th scope="col">Bot</th><th scope="col">Who</th><th scope="col">Message</th><th scope="col">Hash</th></tr></thead>
        <tbody>{{#rows}}{{>record-row}}{{/rows}}</tbody></table></div>
        """

    /// Of one rollout: whose it is stands above it.
    static let stepTable = """
        <div class="scroll" role="region" aria-labelledby="records-caption" tabindex="0">
        <table class="records"><caption id="records-caption">Each record carries the hash of the one before</caption>
        <thead><tr><th scope="col">Index</th><th scope="col">Time</th><th scope="col">What</th><th scope="col">Message</th><th scope="col">Hash</th></tr></thead>
        <tbody>{{#records}}<tr id="record-{{index}}"><th scope="row">{{index}}</th><td class="when">{{#time}}{{>time}}{{/time}}</td><td><code class="type">{{what}}</code></td><td class="why"><bdi>{{message}}</bdi></td><td><details><summary><code>{{hash}}</code><span class="unseen">: the whole line of record {{index}}</span></summary><code class="long">{{line}}</code></details></td></tr>{{/records}}</tbody></table></div>
        """

    static let recordRow = """
        <tr id="record-{{index}}"><th scope="row">{{index}}</th><td class="when">{{#time}}{{>time}}{{/time}}</td><td><code class="type">{{what}}</code>{{#rolloutLinks}} <a class="more" href="{{.}}">rollout<span class="unseen"> of record {{index}}</span></a>{{/rolloutLinks}}</td><td><bdi>{{subject}}</bdi></td><td><bdi>{{who}}</bdi></td><td class="why"><bdi>{{message}}</bdi></td><td><details><summary><code>{{hash}}</code><span class="unseen">: the whole line of record {{index}}</span></summary><code class="long">{{line}}</code></details></td></tr>
        """

    static let audit = """
        <section class="lead {{face.tone}}" aria-labelledby="headline">
        <h1 id="headline">{{headline}}</h1>
        <p>{{sentence}}</p>
        </section>
        <dl class="facts">
        <div><dt>Proved</dt><dd>{{#proved}}{{>ago}}{{/proved}}{{^proved}}not yet{{/proved}}</dd></div>
        {{#places}}
        <div><dt>Records in the {{.name}}</dt><dd>{{records}}</dd></div>
        {{/places}}
        <div><dt>Git notes</dt><dd><bdi>{{notes}}</bdi></dd></div>
        <div class="full"><dt>Chain</dt><dd><code>{{chain}}</code></dd></div>
        </dl>
        {{#hasFindings}}
        <section class="notices" aria-labelledby="findings"><h2 id="findings">Findings</h2><ul>{{#findings}}<li class="fail"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-fail"/></svg><div><bdi>{{.}}</bdi></div></li>{{/findings}}</ul><p>Look closer with <code>ballast audit verify</code>.</p></section>
        {{/hasFindings}}
        <section aria-labelledby="records"><div class="over"><h2 id="records">Newest records</h2>
        <form class="filter" method="get" action="/audit" role="search" aria-label="Filter the records"><div><label for="f-bot">Bot</label><input id="f-bot" name="bot" type="search" value="{{bot}}" autocomplete="off" spellcheck="false"></div><button type="submit">Filter</button></form></div>
        {{#isLater}}<p class="intro"><a href="/audit">To the newest</a></p>{{/isLater}}
        {{#hasRows}}
        {{>record-table}}
        {{/hasRows}}
        {{^hasRows}}
        <p class="nothing">{{emptyText}}</p>
        {{/hasRows}}
        {{#following}}
        <nav class="pages" aria-label="Pages of records"><a rel="next" href="{{.}}">Older →</a></nav>
        {{/following}}
        </section>
        """

    /// The hidden name is for password managers, which keep a password by one.
    static let signIn = """
        <section class="door" aria-labelledby="headline">
        <h1 id="headline">Sign in</h1>
        <p id="sign-in-help">With a token of <code>server.tokens</code>. Role <code>read</code> is enough to look.</p>
        <form method="post" action="/sign-in">
        <input type="text" name="username" value="ballast" autocomplete="username" hidden>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" required autofocus aria-describedby="sign-in-help{{#hasFailed}} sign-in-failure{{/hasFailed}}"{{#hasFailed}} aria-invalid="true"{{/hasFailed}}>
        {{#hasFailed}}<p id="sign-in-failure" class="fail" role="alert"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-fail"/></svg>{{failure}}</p>{{/hasFailed}}
        <input type="hidden" name="next" value="{{next}}">
        <button type="submit">Sign in</button>
        </form>
        <p class="by">Came here by a link and signed in already? <a href="{{next}}">Go on</a></p>
        </section>
        """

    static let fault = """
        <section class="door" aria-labelledby="headline">
        <h1 id="headline">{{title}}</h1>
        <p>{{detail}}</p>
        <p class="by">Request <code>{{requestId}}</code></p>
        <p><a href="/">To the fleet</a></p>
        </section>
        """
}
