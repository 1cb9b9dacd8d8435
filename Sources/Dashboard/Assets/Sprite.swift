/// The shapes beside words: one a tone, told apart without colour.
enum Sprite {
    static let symbols = """
        <svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">
        <symbol id="s-good" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path class="cut" d="M4.7 8.3l2.3 2.3 4.3-4.9"/></symbol>
        <symbol id="s-move" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.2"/><path class="ring" d="M4.9 8h5.6M8.2 5.4L10.9 8l-2.7 2.6"/></symbol>
        <symbol id="s-wait" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.2"/><path class="ring" d="M8 4.4V8l2.5 1.6"/></symbol>
        <symbol id="s-warn" viewBox="0 0 16 16"><path d="M8 1.2L15.4 14.4H.6z"/><path class="cut" d="M8 6v3.6M8 11.6v.5"/></symbol>
        <symbol id="s-stop" viewBox="0 0 16 16"><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path class="cut" d="M4.6 8h6.8"/></symbol>
        <symbol id="s-fail" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path class="cut" d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4"/></symbol>
        <symbol id="s-calm" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.2"/><path class="ring" d="M5.2 8h5.6"/></symbol>
        </svg>
        """

    /// A keel below a waterline.
    static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14202b"/>\
        <path d="M4 12h24" stroke="#7db4ff" stroke-width="2.4" stroke-linecap="round"/>\
        <path d="M7 15.5h18c-.6 5.8-4 9.5-9 9.5s-8.4-3.7-9-9.5z" fill="#e8eef4"/></svg>
        """

    /// The same, for the bar.
    static let mark = """
        <svg class="keel" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path class="water" d="M3 11h26"/>\
        <path class="hull" d="M6 15.5h20c-.7 6.4-4.4 10.5-10 10.5S6.7 21.9 6 15.5z"/></svg>
        """
}
