extension Templates {
    static let ladder = """
        <ol class="ladder">
        {{#rungs}}
        <li class="{{face.tone}}{{^isReached}} unreached{{/isReached}}"><span class="guard">{{name}}</span> {{#face}}{{>face}}{{/face}} <span class="seen"><bdi>{{detail}}</bdi>{{#until}} until {{>time}}{{/until}}</span></li>
        {{/rungs}}
        </ol>
        """

    static let timeline = """
        <ol class="timeline">
        {{#steps}}
        <li class="{{tone}}{{#isCurrent}} current{{/isCurrent}}"{{#isCurrent}} aria-current="step"{{/isCurrent}}><div class="head"><svg class="shape" aria-hidden="true" focusable="false"><use href="#s-{{tone}}"/></svg><h3>{{title}}</h3><span class="when">{{#time}}{{>time}}{{/time}}</span><span class="took">{{duration}}</span></div><p><bdi>{{detail}}</bdi></p>{{#hasLines}}<ol class="lines">{{#lines}}<li class="{{tone}}"><span class="when">{{#time}}{{>clock}}{{/time}}</span> <strong><bdi>{{title}}</bdi></strong> <bdi class="seen">{{detail}}</bdi></li>{{/lines}}</ol>{{/hasLines}}</li>
        {{/steps}}
        </ol>
        """

    static let rolloutTable = """
        <div class="scroll" role="region" aria-labelledby="rollouts-caption" tabindex="0">
        <table class="rollouts">
        <caption id="rollouts-caption">Rollouts, newest first</caption>
        <thead><tr><th scope="col">Outcome</th><th scope="col">Bot</th><th scope="col">Change</th><th scope="col">Because of</th><th scope="col">Started</th><th scope="col">Took</th><th scope="col">Rollout</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr id="r-{{id}}" class="{{face.tone}}"><td>{{#face}}{{>face}}{{/face}}</td><th scope="row"><a href="{{botHref}}"><bdi>{{bot}}</bdi></a></th><td><code>{{from}}</code> → <code>{{to}}</code><span class="place">{{direction}}, {{cause}}</span></td><td><code>{{commit}}</code><span class="place"><bdi>{{author}}</bdi></span></td><td class="when">{{#started}}{{>ago}}{{/started}}</td><td class="when">{{took}}</td><td><a href="{{href}}"><span class="unseen">Rollout </span><code>{{shortId}}</code></a></td></tr>
        {{/rows}}
        </tbody></table></div>
        """

    static let turnTable = """
        <div class="scroll" role="region" aria-labelledby="turns-caption" tabindex="0">
        <table><caption id="turns-caption">Verification turns, oldest first</caption>
        <thead><tr><th scope="col">Verdict</th><th scope="col">Message</th><th scope="col">Attempt</th><th scope="col">Intent</th><th scope="col">Confidence</th><th scope="col">Entities</th><th scope="col">Latency</th><th scope="col">Version</th><th scope="col">Time</th><th scope="col">Detail</th></tr></thead>
        <tbody>{{#turns}}<tr class="{{face.tone}}"><td>{{#face}}{{>face}}{{/face}}</td><th scope="row"><q>{{message}}</q></th><td>{{attempt}}</td><td><bdi>{{intent}}</bdi></td><td>{{confidence}}</td><td>{{accuracy}}</td><td>{{latency}}</td><td><code>{{version}}</code></td><td class="when">{{#time}}{{>time}}{{/time}}</td><td><bdi>{{detail}}</bdi></td></tr>{{/turns}}</tbody></table></div>
        """

    static let rollouts = """
        <section aria-labelledby="headline">
        <h1 id="headline">Rollouts</h1>
        <p class="intro">Every guarded attempt to bring a bot to its desired version.{{#isLater}} <a href="/rollouts">To the newest</a>{{/isLater}}</p>
        {{#hasRows}}
        {{>rollout-table}}
        {{/hasRows}}
        {{^hasRows}}
        <p class="nothing">No rollout yet.</p>
        {{/hasRows}}
        {{#following}}
        <nav class="pages" aria-label="Pages of rollouts"><a rel="next" href="{{.}}">Older →</a></nav>
        {{/following}}
        </section>
        """

    static let rollout = """
        <section class="lead {{row.face.tone}}" aria-labelledby="headline">
        <p class="path"><a href="/rollouts">Rollouts</a> / <a href="{{row.botHref}}"><bdi>{{row.bot}}</bdi></a></p>
        <h1 id="headline"><bdi>{{row.bot}}</bdi>: <code>{{row.from}}</code> → <code>{{row.to}}</code></h1>
        <p>{{#row.face}}{{>face}}{{/row.face}}</p>
        <p class="said"><bdi>{{message}}</bdi></p>
        </section>
        <dl class="facts">
        <div><dt>Rollout</dt><dd><code>{{row.id}}</code></dd></div>
        <div><dt>Bot</dt><dd><bdi>{{place}}</bdi></dd></div>
        <div><dt>Kind</dt><dd>{{row.direction}}, because of drift by {{row.cause}}</dd></div>
        <div><dt>Started</dt><dd>{{#row.started}}{{>time}}{{/row.started}}</dd></div>
        {{#ended}}
        <div><dt>Ended</dt><dd>{{>time}}, after {{row.took}}</dd></div>
        {{/ended}}
        {{#fallback}}
        <div><dt>Fell back to</dt><dd><code>{{.}}</code></dd></div>
        {{/fallback}}
        <div class="full"><dt>Commit</dt><dd>{{#commit}}{{>commit}}{{/commit}}</dd></div>
        <div class="full"><dt>Signature</dt><dd><bdi>{{commit.signature}}</bdi>{{#commit.reverts}}; reverts <code>{{.}}</code>{{/commit.reverts}}</dd></div>
        </dl>
        <div class="columns even">
        <section aria-labelledby="steps"><h2 id="steps">From commit to outcome</h2>{{#timeline}}{{>timeline}}{{/timeline}}</section>
        <div>
        <section aria-labelledby="guards"><h2 id="guards">Guards</h2>{{#guards}}{{>ladder}}{{/guards}}</section>
        {{#sessions}}
        <section aria-labelledby="draining"><h2 id="draining">Draining</h2>{{>session-chart}}</section>
        {{/sessions}}
        {{#hasRequests}}
        <section aria-labelledby="requests"><h2 id="requests">Requests</h2>
        <div class="scroll" role="region" aria-labelledby="requests-caption" tabindex="0"><table><caption id="requests-caption">As journaled before they were sent</caption><thead><tr><th scope="col">For</th><th scope="col">Target</th><th scope="col">Job</th><th scope="col">Idempotency key</th></tr></thead><tbody>{{#requests}}<tr><th scope="row">{{purpose}}</th><td><code>{{target}}</code></td><td><code>{{job}}</code></td><td><code class="long">{{key}}</code></td></tr>{{/requests}}</tbody></table></div></section>
        {{/hasRequests}}
        </div>
        </div>
        <section aria-labelledby="turns"><h2 id="turns">Verification</h2>
        {{#hasTurns}}
        {{>turn-table}}
        {{/hasTurns}}
        {{^hasTurns}}
        <p class="nothing">{{#nothingAsked}}The manifest asks nothing.{{/nothingAsked}}{{^nothingAsked}}Nothing was asked yet.{{/nothingAsked}}</p>
        {{/hasTurns}}
        </section>
        {{#hasRecords}}
        <section aria-labelledby="records"><h2 id="records">Audit records</h2>{{>step-table}}</section>
        {{/hasRecords}}
        """
}
