extension Templates {
    /// Axis, lines and their labels; the caller draws into it.
    static let frame = """
        {{#ticks}}<line class="grid" x1="{{left}}" x2="{{right}}" y1="{{y}}" y2="{{y}}"/><text class="tick" x="{{labelX}}" y="{{labelY}}" text-anchor="end">{{label}}</text>{{/ticks}}<text class="tick" x="{{left}}" y="{{footY}}">{{first}}</text><text class="tick" x="{{right}}" y="{{footY}}" text-anchor="end">{{last}}</text>
        """

    static let sessionChart = """
        <figure class="chart">
        <figcaption><strong>{{frame.title}}</strong> <span class="now">{{newest}}</span> <span class="by">{{limitText}}</span></figcaption>
        {{#hasCurve}}
        <svg viewBox="{{frame.viewBox}}" role="img" aria-label="{{frame.title}}. {{frame.summary}}">{{#frame}}{{>frame}}{{/frame}}<path class="area" d="{{area}}"/><path class="curve" d="{{line}}"/><line class="limit" x1="{{frame.left}}" x2="{{frame.right}}" y1="{{limitY}}" y2="{{limitY}}"/>{{#dots}}<circle class="dot" cx="{{x}}" cy="{{y}}" r="4"/>{{/dots}}</svg>
        {{/hasCurve}}
        <details><summary>Values</summary><table><caption>{{frame.summary}}</caption><thead><tr><th scope="col">Time</th><th scope="col">Sessions</th></tr></thead><tbody>{{#rows}}<tr><td>{{#time}}{{>time}}{{/time}}</td><td>{{count}}</td></tr>{{/rows}}</tbody></table></details>
        </figure>
        """

    static let turnChart = """
        <figure class="chart">
        <figcaption><strong>{{frame.title}}</strong> <span class="by">{{frame.summary}}</span></figcaption>
        <svg viewBox="{{frame.viewBox}}" role="img" aria-label="{{frame.title}} of the verification turns. {{frame.summary}}">{{#frame}}{{>frame}}{{/frame}}{{#edges}}<line class="edge" x1="{{x}}" x2="{{x}}" y1="12" y2="142"/><text class="edge-name" x="{{labelX}}" y="10">{{label}}</text>{{/edges}}{{#limits}}<line class="limit" x1="{{frame.left}}" x2="{{frame.right}}" y1="{{y}}" y2="{{y}}"/><text class="limit-name" x="{{frame.right}}" y="{{labelY}}" text-anchor="end">{{label}}</text>{{/limits}}<path class="curve thin" d="{{line}}"/>{{#marks}}<path class="turn {{tone}}" d="{{path}}"/>{{/marks}}</svg>
        <details><summary>Values</summary><table><caption>{{frame.title}} of each turn, oldest first</caption><thead><tr><th scope="col">Time</th><th scope="col">Version</th><th scope="col">{{frame.title}}</th><th scope="col">Verdict</th></tr></thead><tbody>{{#rows}}<tr><td>{{#time}}{{>time}}{{/time}}</td><td><code>{{version}}</code></td><td>{{value}}</td><td>{{#face}}{{>face}}{{/face}}</td></tr>{{/rows}}</tbody></table></details>
        </figure>
        """
}
