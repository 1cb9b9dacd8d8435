extension Templates {
    static let fleet = """
        <section class="lead {{headlineTone}}" aria-labelledby="headline">
        <h1 id="headline">{{headline}}</h1>
        <p>{{#head}}Branch <code>{{branch}}</code> at <code>{{.}}</code>{{/head}}{{^head}}Branch <code>{{branch}}</code> was not read yet{{/head}}{{#passed}} · all bots compared {{>ago}}{{/passed}}</p>
        </section>
        <nav class="tally" aria-label="Bots by state"><ul>
        {{#counts}}
        <li><a class="{{tone}}{{^isSome}} none{{/isSome}}" href="{{href}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}><span class="number">{{number}}</span> <span class="title"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-{{tone}}"/></svg>{{title}}</span> <span class="legend">{{legend}}</span></a></li>
        {{/counts}}
        </ul></nav>
        <svg class="shares" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{{barText}}">{{#shares}}<rect class="{{tone}}" x="{{x}}" y="0" width="{{width}}" height="10"/>{{/shares}}</svg>
        {{#hasNotices}}
        <section class="notices" aria-labelledby="notices"><h2 id="notices">In the way</h2><ul>
        {{#notices}}
        <li class="{{tone}}"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-{{tone}}"/></svg><div><strong><bdi>{{title}}</bdi></strong> <bdi>{{detail}}</bdi></div><code>{{remedy}}</code></li>
        {{/notices}}
        </ul></section>
        {{/hasNotices}}
        <div class="columns">
        <section class="wide" aria-labelledby="bots">
        <div class="over"><h2 id="bots">Bots</h2>
        <form class="filter" method="get" action="/" role="search" aria-label="Filter the bots">
        <div><label for="f-name">Name or id</label><input id="f-name" name="name" type="search" value="{{query.name}}" autocomplete="off" spellcheck="false"></div>
        <div><label for="f-label">Label</label><input id="f-label" name="label" type="search" value="{{query.label}}" placeholder="team=orders" autocomplete="off" spellcheck="false"></div>
        <div><label for="f-state">State</label><select id="f-state" name="state">{{#choices}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/choices}}</select></div>
        <button type="submit">Filter</button>{{#isFiltered}} <a class="clear" href="/">Show all</a>{{/isFiltered}}
        </form></div>
        {{>bot-table}}
        </section>
        <div class="side">
        {{#hasOpen}}
        <section aria-labelledby="open"><h2 id="open">Under way</h2><ul class="running">
        {{#open}}
        <li id="run-{{id}}"><p><a href="{{href}}"><bdi>{{bot}}</bdi></a> {{#face}}{{>face}}{{/face}}</p><p class="change"><code>{{from}}</code> → <code>{{to}}</code> <span class="by">{{#started}}{{>ago}}{{/started}}</span></p><p class="why"><bdi>{{message}}</bdi></p></li>
        {{/open}}
        </ul>{{#openMore}}<p>{{.}}</p>{{/openMore}}</section>
        {{/hasOpen}}
        <section aria-labelledby="latest"><h2 id="latest">Latest events</h2>
        <ul class="events">
        {{#events}}
        {{>event}}
        {{/events}}
        {{^events}}
        <li class="nothing">Nothing has happened yet.</li>
        {{/events}}
        </ul></section>
        <section aria-labelledby="post"><h2 id="post">Outbox</h2><p><a href="/outbox?status=pending">{{pending}} pending</a> · <a href="/outbox?status=dead"{{#hasDead}} class="fail"{{/hasDead}}>{{dead}} dead</a></p></section>
        </div>
        </div>
        """

    static let botTable = """
        {{#hasRows}}
        <div class="scroll" role="region" aria-labelledby="bots-caption" tabindex="0">
        <table class="bots" role="table">
        <caption id="bots-caption">{{shown}}, the most urgent first</caption>
        <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Bot</th><th scope="col" role="columnheader">Desired</th><th scope="col" role="columnheader">Deployed</th><th scope="col" role="columnheader">Reason</th><th scope="col" role="columnheader">Since</th></tr></thead>
        <tbody role="rowgroup">
        {{#rows}}
        <tr role="row" id="bot-{{id}}" class="{{face.tone}}"><td role="cell">{{#face}}{{>face}}{{/face}}</td><th scope="row" role="rowheader"><a href="{{href}}"><bdi>{{name}}</bdi></a>{{#labels}} <span class="label"><bdi>{{.}}</bdi></span>{{/labels}}<span class="place"><bdi>{{place}}</bdi></span></th><td role="cell" data-name="Desired"><code>{{desired}}</code></td><td role="cell" data-name="Deployed"><code{{#differs}} class="differs"{{/differs}}>{{deployed}}</code>{{#differs}}<span class="unseen"> differs from desired</span>{{/differs}}</td><td role="cell" class="why"><bdi>{{message}}</bdi></td><td role="cell" class="when">{{#since}}{{>ago}}{{/since}}</td></tr>
        {{/rows}}
        </tbody></table></div>
        {{#hasPages}}
        <nav class="pages" aria-label="Pages of bots">{{#previous}}<a rel="prev" href="{{.}}">← Previous</a>{{/previous}}<span>{{shown}}</span>{{#following}}<a rel="next" href="{{.}}">Next →</a>{{/following}}</nav>
        {{/hasPages}}
        {{/hasRows}}
        {{^hasRows}}
        <p class="nothing">{{emptyText}}</p>
        {{/hasRows}}
        """
}
