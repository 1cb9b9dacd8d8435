/// How pages look: quiet until something is wrong. Two palettes of one shape; every pair of text and ground has a contrast of
/// at least 4.5 in both, which a test computes in a browser.
enum StyleSheet {
    static let text = [palette, base, frame, lead, tables, parts, story, drawings, narrow].joined(separator: "\n")

    private static let palette = """
        :root {
          color-scheme: light dark;
          --ground: #f4f5f6; --surface: #ffffff; --raised: #fafbfb; --ink: #12171c; --soft: #4f5a65;
          --line: #dde2e6; --strong: #b4bdc6; --link: #0b57b0; --focus: #0b57b0;
          --good: #14713c; --move: #1b5cbc; --wait: #7a5300; --warn: #944300; --stop: #9c3200; --fail: #b1121f; --calm: #57626d;
          --good-fill: #2f9e5f; --move-fill: #3b7fe0; --wait-fill: #d19a1c; --warn-fill: #e07b1f; --stop-fill: #d4551b; --fail-fill: #d62839; --calm-fill: #a7b1ba;
          --fail-wash: #fdf1f1; --stop-wash: #fdf4ef;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
          --sans: system-ui, -apple-system, "Segoe UI", "Inter", "Noto Sans", "DejaVu Sans", sans-serif;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0c1013; --surface: #12171b; --raised: #161c21; --ink: #e9eef2; --soft: #9ba8b4;
            --line: #242c33; --strong: #46525d; --link: #84b6ff; --focus: #84b6ff;
            --good: #62d394; --move: #84b6ff; --wait: #e2b44c; --warn: #ffab61; --stop: #ff9a70; --fail: #ff8a8f; --calm: #9ba8b4;
            --good-fill: #35a566; --move-fill: #4a8df0; --wait-fill: #c9971f; --warn-fill: #de7f28; --stop-fill: #da5f28; --fail-fill: #e5404f; --calm-fill: #56626d;
            --fail-wash: #24161a; --stop-wash: #221a16;
          }
        }
        .good { --tone: var(--good); --fill: var(--good-fill); } .move { --tone: var(--move); --fill: var(--move-fill); }
        .wait { --tone: var(--wait); --fill: var(--wait-fill); } .warn { --tone: var(--warn); --fill: var(--warn-fill); }
        .stop { --tone: var(--stop); --fill: var(--stop-fill); } .fail { --tone: var(--fail); --fill: var(--fail-fill); }
        .calm { --tone: var(--calm); --fill: var(--calm-fill); }
        """

    private static let base = """
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 var(--sans); font-variant-numeric: tabular-nums; }
        h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
        ul, ol { list-style: none; }
        h2 { font-size: 1.1rem; font-weight: 650; letter-spacing: -0.005em; }
        h3 { font-size: 0.95rem; font-weight: 600; }
        code { font: 0.87em/1.4 var(--mono); overflow-wrap: anywhere; }
        code.long { word-break: break-all; }
        a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
        a:hover { text-decoration-thickness: 2px; }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
        main:focus-visible { outline: none; }
        bdi, td, th, dd { unicode-bidi: isolate; }
        q { quotes: "“" "”"; }
        button, input, select { font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--strong); border-radius: 5px; padding: 0.3rem 0.6rem; min-height: 2.1rem; }
        button { cursor: pointer; font-weight: 550; background: var(--raised); }
        button:hover { border-color: var(--ink); }
        ::placeholder { color: var(--soft); opacity: 1; }
        label { display: block; font-size: 0.8rem; color: var(--soft); margin-bottom: 0.15rem; }
        .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .sprite { position: absolute; }
        .shape { width: 1em; height: 1em; flex: none; fill: var(--fill, currentColor); }
        .ring, .cut { fill: none; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
        .ring { stroke: var(--fill, currentColor); } .cut { stroke: var(--surface); }
        .face { display: inline-flex; align-items: baseline; gap: 0.4em; font-weight: 600; color: var(--tone); white-space: nowrap; }
        .face .shape { align-self: center; }
        .by, .legend, .place, .when, .nothing, .intro, .path { color: var(--soft); }
        .by, .place { font-size: 0.87em; }
        .nothing { padding: 1rem 0; }
        """

    private static let frame = """
        .skip { position: absolute; left: 0.5rem; top: -4rem; padding: 0.6rem 1rem; background: var(--surface); z-index: 3; }
        .skip:focus { top: 0.5rem; }
        .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1.75rem; padding: 0 clamp(1rem, 2.5vw, 2.5rem); min-height: 3.25rem; background: var(--surface); border-bottom: 1px solid var(--line); }
        .mark { display: inline-flex; align-items: center; gap: 0.5rem; color: var(--ink); font-weight: 700; letter-spacing: -0.01em; text-decoration: none; }
        .keel { width: 1.35rem; height: 1.35rem; } .hull { fill: var(--ink); } .water { stroke: var(--move-fill); stroke-width: 2.6; stroke-linecap: round; }
        .bar ul { display: flex; gap: 1.4rem; }
        .bar nav a { display: block; padding: 0.85rem 0; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; margin-bottom: -1px; }
        .bar nav a:hover { color: var(--ink); }
        .bar nav a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--ink); }
        .aside { margin-left: auto; display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem; font-size: 0.87rem; color: var(--soft); padding: 0.35rem 0; }
        .aside button { min-height: 1.9rem; padding: 0.1rem 0.6rem; font-size: 0.87rem; }
        .out { display: flex; align-items: center; gap: 0.6rem; }
        #pulse { color: var(--soft); }
        #pulse[class]::before { content: ""; display: inline-block; width: 0.55em; height: 0.55em; margin-right: 0.5em; border-radius: 50%; background: var(--fill); }
        #pulse.fail { color: var(--fail); font-weight: 600; }
        main { display: block; padding: 0 clamp(1rem, 2.5vw, 2.5rem) 4rem; }
        main > section, .columns > *, .columns section { min-width: 0; }
        main > section { margin-top: 2rem; }
        .columns { display: grid; gap: 2rem clamp(1.5rem, 3vw, 3.5rem); margin-top: 2rem; }
        .columns section + section { margin-top: 2rem; }
        @media (min-width: 84rem) { .columns { grid-template-columns: minmax(0, 1fr) 23rem; } }
        @media (min-width: 64rem) { .columns.even { grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); } }
        """

    private static let lead = """
        .lead { margin-top: clamp(1.5rem, 3vw, 2.5rem); border-left: 4px solid var(--fill); padding-left: 1.1rem; }
        h1 { font-size: clamp(1.55rem, 1.1rem + 1.7vw, 2.6rem); line-height: 1.15; font-weight: 680; letter-spacing: -0.022em; overflow-wrap: anywhere; }
        h1 code { font-size: 0.82em; letter-spacing: -0.01em; }
        .lead > p { margin-top: 0.45rem; color: var(--soft); } .lead > .said { color: var(--ink); max-width: 70rem; margin-top: 0.2rem; }
        .lead > .path { margin: 0 0 0.3rem; font-size: 0.87rem; }
        .tally { margin-top: 1.75rem; }
        .tally ul { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); border-top: 1px solid var(--line); }
        .tally a { display: block; height: 100%; padding: 0.9rem 0.9rem 0.8rem 1.1rem; color: var(--ink); text-decoration: none; border-right: 1px solid var(--line); }
        .tally li:last-child a { border-right: 0; }
        .tally a:hover .title { text-decoration: underline; }
        .tally a[aria-current] { background: var(--surface); box-shadow: inset 0 2px 0 var(--fill); }
        .number { display: block; font-size: clamp(1.7rem, 1.2rem + 1.6vw, 2.9rem); line-height: 1.1; font-weight: 620; letter-spacing: -0.03em; color: var(--tone); }
        .title { display: flex; align-items: center; gap: 0.4em; font-weight: 600; margin-top: 0.2rem; }
        .legend { display: block; font-size: 0.8rem; line-height: 1.3; }
        .none .number, .none .title { color: var(--soft); font-weight: 450; } .none .shape { --fill: var(--strong); }
        .tally.small ul { grid-template-columns: repeat(3, minmax(0, 12rem)); }
        .shares { display: block; width: 100%; height: 0.55rem; border-radius: 2px; } .shares rect { fill: var(--fill); }
        .notices { margin-top: 2rem; }
        .notices ul { margin-top: 0.6rem; border-top: 1px solid var(--line); }
        .notices li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.7rem; padding: 0.55rem 0; border-bottom: 1px solid var(--line); }
        .notices li > div { flex: 1 1 24rem; } .notices strong { color: var(--tone); } .notices li .shape { align-self: center; }
        .versions { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin-top: 1.5rem; align-items: center; }
        .versions > div { display: grid; gap: 0.1rem; } .versions code { font-size: clamp(1.2rem, 1rem + 0.8vw, 1.75rem); font-weight: 600; }
        .what { color: var(--soft); font-size: 0.87rem; }
        .between { font-size: 1.8rem; color: var(--soft); } .between.differs { color: var(--warn); }
        """

    private static let tables = """
        .over { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 0.75rem 1.5rem; margin-bottom: 0.5rem; }
        .filter { display: flex; flex-wrap: wrap; align-items: end; gap: 0.6rem; }
        .filter input, .filter select { width: 11rem; } .clear { align-self: center; }
        .scroll { position: relative; overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: 0.93rem; }
        caption { text-align: left; color: var(--soft); font-size: 0.87rem; padding: 0 0 0.5rem; }
        th, td { text-align: left; vertical-align: top; padding: 0.55rem 1.1rem 0.55rem 0; font-weight: 400; border-bottom: 1px solid var(--line); }
        thead th { padding-block: 0.35rem; font-size: 0.8rem; font-weight: 550; color: var(--soft); border-bottom-color: var(--strong); white-space: nowrap; }
        tbody th a { font-weight: 600; }
        tbody tr:hover { background: var(--surface); }
        tr > :first-child { padding-left: 0.65rem; }
        tbody tr.fail > :first-child { box-shadow: inset 3px 0 0 var(--fail-fill); } tbody tr.stop > :first-child { box-shadow: inset 3px 0 0 var(--stop-fill); }
        table.bots tr.fail { background: var(--fail-wash); } table.bots tr.stop { background: var(--stop-wash); }
        tr.fail .cut { stroke: var(--fail-wash); } tr.stop .cut { stroke: var(--stop-wash); }
        @media (min-width: 100rem) { table.bots tbody th { min-width: 22rem; } } .place { display: block; } .when, td code { white-space: nowrap; } code.long { white-space: normal; }
        .why { min-width: 14rem; max-width: 46rem; overflow-wrap: anywhere; }
        .differs { color: var(--warn); font-weight: 650; }
        .label { display: inline-block; margin-left: 0.35rem; padding: 0 0.4rem; border: 1px solid var(--line); border-radius: 3px; font-size: 0.92em; color: var(--soft); } dd .label { margin: 0.15rem 0.35rem 0 0; font-size: 0.87em; }
        .pages { display: flex; gap: 1.5rem; padding-top: 0.9rem; color: var(--soft); }
        code.type { color: var(--soft); }
        details summary { cursor: pointer; white-space: nowrap; } .records details[open] { min-width: 26rem; } details > table { margin-top: 0.5rem; width: auto; } details > code { display: block; margin-top: 0.4rem; max-width: 60rem; }
        """

    private static let parts = """
        .running, .events, .plain { margin-top: 0.5rem; border-top: 1px solid var(--line); }
        .running li, .events li, .plain li { padding: 0.6rem 0; border-bottom: 1px solid var(--line); font-size: 0.93rem; overflow-wrap: anywhere; }
        .running p:first-child { display: flex; justify-content: space-between; gap: 1rem; font-weight: 600; }
        .running .why { min-width: 0; color: var(--soft); }
        .events li { display: grid; grid-template-columns: 5.4rem minmax(0, 1fr); gap: 0.75rem; } .events li.nothing { display: block; }
        .events .face { font-size: 0.87rem; align-self: start; }
        .plain li { display: flex; flex-wrap: wrap; gap: 0.3rem 0.9rem; }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 0.9rem 2rem; margin-top: 1.75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        .facts .full { grid-column: 1 / -1; } dt { color: var(--soft); font-size: 0.8rem; } dd { overflow-wrap: anywhere; }
        .door { max-width: 25rem; margin: 14vh auto 0 !important; } .door form { margin: 1.5rem 0 1rem; display: grid; gap: 0.5rem; } .door p { margin-top: 0.5rem; }
        .door button { background: var(--ink); color: var(--ground); border-color: var(--ink); } .door .fail { color: var(--fail); display: flex; gap: 0.45rem; align-items: center; }
        p a.fail { color: var(--fail); font-weight: 600; }
        """

    private static let story = """
        .ladder { margin-top: 0.5rem; border-top: 1px solid var(--line); }
        .ladder li { display: grid; grid-template-columns: 7.2rem 7.2rem minmax(0, 1fr); gap: 0.75rem; padding: 0.3rem 0; border-bottom: 1px solid var(--line); font-size: 0.93rem; overflow-wrap: anywhere; }
        .guard { font: 0.87em/1.7 var(--mono); } .ladder .face { align-self: start; } .unreached { color: var(--soft); } .unreached .face { font-weight: 400; } .seen { color: var(--soft); }
        .timeline { margin-top: 0.9rem; }
        .timeline > li { position: relative; padding: 0 0 1.1rem 1.9rem; }
        .timeline > li::before { content: ""; position: absolute; left: 0.5rem; top: 1.2rem; bottom: -0.2rem; width: 1px; background: var(--strong); }
        .timeline > li:last-child::before { display: none; }
        .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.8rem; }
        .head .shape { position: absolute; left: 0; top: 0.2rem; width: 1.05rem; height: 1.05rem; background: var(--ground); border-radius: 50%; }
        .head .cut { stroke: var(--ground); } .head .when { font-size: 0.87rem; } .head .took { margin-left: auto; font-size: 0.87rem; font-weight: 600; }
        .current h3 { color: var(--tone); }
        .timeline p { color: var(--soft); overflow-wrap: anywhere; }
        .lines { margin-top: 0.35rem; } .lines li { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0 0.6rem; padding: 0.12rem 0; font-size: 0.87rem; overflow-wrap: anywhere; }
        .lines .when { font-size: 0.94em; }
        .lines strong { font-weight: 550; } .lines .seen { grid-column: 2; }
        .lines .fail strong, .lines .stop strong, .lines .warn strong, .lines .wait strong { color: var(--tone); }
        """

    private static let drawings = """
        .chart { margin-top: 0.75rem; } .chart + .chart { margin-top: 1.5rem; }
        figcaption { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: baseline; } .now { font-size: 1.6rem; font-weight: 620; letter-spacing: -0.02em; }
        .chart svg { display: block; width: 100%; max-width: 46rem; height: auto; margin-top: 0.3rem; overflow: visible; }
        .chart text { font: 11px var(--sans); fill: var(--soft); } .grid { stroke: var(--line); } .edge { stroke: var(--line); stroke-dasharray: 2 3; }
        .curve { fill: none; stroke: var(--move-fill); stroke-width: 2; stroke-linejoin: round; } .curve.thin { stroke: var(--strong); stroke-width: 1.25; }
        .area { fill: var(--move-fill); opacity: 0.13; } .dot { fill: var(--move-fill); }
        .limit { stroke: var(--good-fill); stroke-dasharray: 5 4; } .chart .limit-name { fill: var(--good); }
        .turn { fill: var(--fill); stroke: var(--fill); stroke-width: 1.5; } .turn.fail { fill: none; stroke-width: 2.4; } .turn.warn { fill: var(--ground); }
        .chart details { font-size: 0.87rem; margin-top: 0.3rem; color: var(--soft); }
        """

    private static let narrow = """
        @media (max-width: 72rem) { .tally ul { grid-template-columns: repeat(4, minmax(0, 1fr)); } .tally li:nth-child(4) a { border-right: 0; } .tally li:nth-child(n + 5) a { border-top: 1px solid var(--line); } }
        @media (max-width: 46rem) {
          .tally ul { grid-template-columns: repeat(2, minmax(0, 1fr)); } .tally.small ul { grid-template-columns: repeat(3, minmax(0, 1fr)); }
          .tally li:nth-child(2n) a { border-right: 0; } .tally li:nth-child(n + 3) a { border-top: 1px solid var(--line); }
          .mark { padding-top: 0.7rem; } .bar ul { gap: 1.1rem; } .between { display: none; } .versions { gap: 1rem; } .bar nav a { padding: 0.4rem 0 0.6rem; } .aside { margin-left: 0; width: 100%; }
          .filter, .filter > div, .filter input, .filter select { width: 100%; }
          .ladder li { grid-template-columns: 6.5rem minmax(0, 1fr); } .ladder .seen { grid-column: 2; }
          table.bots, table.bots tbody { display: block; } table.bots caption { display: block; } table.bots thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table.bots tr { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.3rem 1rem; padding: 0.8rem 0.65rem; border-bottom: 1px solid var(--line); }
          table.bots td, table.bots th { display: block; padding: 0; border: 0; min-width: 0; box-shadow: none !important; } table.bots th, table.bots .why { grid-column: 1 / -1; }
          table.bots th { grid-row: 1; } table.bots tr.fail { box-shadow: inset 3px 0 0 var(--fail-fill); } table.bots tr.stop { box-shadow: inset 3px 0 0 var(--stop-fill); }
          table.bots td:first-child { grid-row: 2; } table.bots .when { grid-row: 2; text-align: right; }
          table.bots td[data-name]::before { content: attr(data-name) " "; color: var(--soft); font-size: 0.87em; }
        }
        @media print { .aside, .filter, .skip { display: none; } }
        @media (forced-colors: active) { .shape, .shares rect, .ring, .cut { forced-color-adjust: none; } }
        """
}
