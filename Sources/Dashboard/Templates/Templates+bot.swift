extension Templates {
    static let bot = """
        <section class="lead {{face.tone}}" aria-labelledby="headline">
        <p class="path"><a href="/">Fleet</a> / <bdi>{{place}}</bdi></p>
        <h1 id="headline"><bdi>{{name}}</bdi></h1>
        <p>{{#face}}{{>face}}{{/face}} <span class="by">{{#since}}{{>ago}}{{/since}}</span></p>
        <p class="said"><bdi>{{message}}</bdi></p>
        </section>
        <div class="versions">
        <div><span class="what">Desired</span><code>{{desired}}</code>{{#commits}}<span class="by">{{#committed}}{{>ago}}{{/committed}} by <bdi>{{author}}</bdi></span>{{/commits}}</div>
        <span class="between {{#differs}}differs{{/differs}}" aria-hidden="true">{{#differs}}≠{{/differs}}{{^differs}}={{/differs}}</span>
        <div><span class="what">Deployed</span><code{{#differs}} class="differs"{{/differs}}>{{deployed}}</code><span class="by">{{#deployedAt}}{{>ago}} {{/deployedAt}}<bdi>{{deployedBy}}</bdi></span></div>
        </div>
        <dl class="facts">
        {{#commits}}
        <div class="full"><dt>Commit</dt><dd>{{>commit}}</dd></div>
        <div><dt>Manifest</dt><dd><code>{{manifestPath}}</code></dd></div>
        <div><dt>Signature</dt><dd><bdi>{{signature}}</bdi>{{#reverts}}; reverts <code>{{.}}</code>{{/reverts}}</dd></div>
        {{/commits}}
        {{#facts}}
        <div><dt>{{.name}}</dt><dd>{{#isCode}}<code>{{value}}</code>{{/isCode}}{{^isCode}}<bdi>{{value}}</bdi>{{/isCode}}</dd></div>
        {{/facts}}
        {{#hasLabels}}
        <div><dt>Labels</dt><dd>{{#labels}}<span class="label"><bdi>{{.}}</bdi></span>{{/labels}}</dd></div>
        {{/hasLabels}}
        </dl>
        <div class="columns even">
        <section aria-labelledby="steps"><h2 id="steps">{{#isOpen}}The rollout under way{{/isOpen}}{{^isOpen}}The newest rollout{{/isOpen}}</h2>
        {{#newest}}
        <p class="intro"><code>{{row.from}}</code> → <code>{{row.to}}</code> {{#row.face}}{{>face}}{{/row.face}} <a class="more" href="{{row.href}}">every detail</a></p>
        {{#timeline}}{{>timeline}}{{/timeline}}
        {{/newest}}
        {{^newest}}
        <p class="nothing">This bot was never rolled.</p>
        {{/newest}}
        </section>
        <div>
        <section aria-labelledby="guards"><h2 id="guards">Guards</h2><p class="intro">{{guardsOf}}</p>{{#guards}}{{>ladder}}{{/guards}}</section>
        {{#newest}}{{#sessions}}
        <section aria-labelledby="draining"><h2 id="draining">Draining</h2>{{>session-chart}}</section>
        {{/sessions}}{{/newest}}
        {{#hasCharts}}
        <section aria-labelledby="quality"><h2 id="quality">Verification over time</h2>{{#confidence}}{{>turn-chart}}{{/confidence}}{{#latency}}{{>turn-chart}}{{/latency}}</section>
        {{/hasCharts}}
        </div>
        </div>
        {{#hasRollouts}}
        <section aria-labelledby="history"><h2 id="history">History</h2>{{#rolloutList}}{{>rollout-table}}{{/rolloutList}}</section>
        {{/hasRollouts}}
        <section aria-labelledby="events"><h2 id="events">Events</h2>
        <ul class="events">
        {{#events}}
        {{>event}}
        {{/events}}
        {{^events}}
        <li class="nothing">Nothing was reported yet.</li>
        {{/events}}
        </ul>
        <p><a href="{{auditHref}}">Its audit records</a></p></section>
        """
}
