import Crypto

/// What pages load from us, and from nowhere else. The addresses carry a digest, so that browsers keep them for good.
package enum Assets {
    package struct Asset: Sendable {
        package var path: String
        package var type: String
        package var body: String
    }

    package static let style = Asset(path: "/assets/style.css", type: "text/css; charset=utf-8", body: StyleSheet.text)
    package static let script = Asset(
        path: "/assets/live.js", type: "text/javascript; charset=utf-8", body: LiveScript.text)
    package static let icon = Asset(path: "/assets/icon.svg", type: "image/svg+xml", body: Sprite.icon)
    package static let all = [style, script, icon]

    static let styleHref = href(style)
    static let scriptHref = href(script)
    static let iconHref = href(icon)

    private static func href(_ asset: Asset) -> String { "\(asset.path)?v=\(digest(asset.body))" }

    /// 96 bits are enough to tell two renderings apart.
    static func digest(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).prefix(12).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
