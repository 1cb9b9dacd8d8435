extension Templates {
    static let delivery = """
        <section aria-labelledby="headline">
        <div class="over"><h1 id="headline">Delivery</h1>
        <form class="filter" method="get" action="/delivery" aria-label="Choose the figures">
        <div><label for="f-by">By</label><select id="f-by" name="by">{{#groupings}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{title}}</option>{{/groupings}}</select></div>
        <div><label for="f-days">Over the last</label><select id="f-days" name="days">{{#days}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{title}}</option>{{/days}}</select></div>
        <button type="submit">Show</button>
        </form></div>
        <p class="intro">{{sentence}}</p>
        </section>
        {{#totals}}
        <dl class="facts">
        <div><dt>Deployments that succeeded, a day</dt><dd>{{perDay}}</dd></div>
        <div><dt>Lead time from the commit, median</dt><dd>{{leadTime}}</dd></div>
        <div><dt>Lead time, nine of ten</dt><dd>{{leadTimeP90}}</dd></div>
        <div><dt>Change failure rate</dt><dd>{{failureRate}}</dd></div>
        <div><dt>Time to restore, median</dt><dd>{{restoredIn}}</dd></div>
        <div><dt>Bots that failed and are not restored</dt><dd>{{unrestored}}</dd></div>
        </dl>
        {{/totals}}
        <section aria-labelledby="figures"><h2 id="figures">By <bdi>{{title}}</bdi></h2>
        {{#hasRows}}
        <div class="scroll" role="region" aria-labelledby="figures-caption" tabindex="0">
        <table><caption id="figures-caption">As ballast report reckons them from the audit trail</caption>
        <thead><tr><th scope="col"><bdi>{{title}}</bdi></th><th scope="col">Deployments</th><th scope="col">Succeeded</th><th scope="col">A day</th><th scope="col">Lead time</th><th scope="col">Nine of ten</th><th scope="col">Failure rate</th><th scope="col">Restored in</th><th scope="col">Unrestored</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row"><bdi>{{name}}</bdi></th><td>{{deployments}}</td><td>{{succeeded}}</td><td>{{perDay}}</td><td>{{leadTime}}</td><td>{{leadTimeP90}}</td><td>{{failureRate}}</td><td>{{restoredIn}}</td><td>{{unrestored}}</td></tr>{{/rows}}</tbody></table></div>
        {{#more}}<p class="intro">{{.}}</p>{{/more}}
        {{/hasRows}}
        {{^hasRows}}
        <p class="nothing">No data.</p>
        {{/hasRows}}
        </section>
        """
}
