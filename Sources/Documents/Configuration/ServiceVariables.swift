/// Kubernetes tells every container where the services beside it are: for one that is called `ballast` in variables such as
/// `BALLAST_SERVICE_HOST` and `BALLAST_PORT_8080_TCP`, for `ballast-server` in `BALLAST_SERVER_PORT=tcp://…`. They are not
/// meant for the configuration (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
enum ServiceVariables {
    private static let protocols = ["TCP", "UDP", "SCTP"]

    static func contains(_ name: String, value: String) -> Bool {
        if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") {
            return true
        }
        if name.hasSuffix("_PORT") {
            return protocols.contains { value.hasPrefix("\($0.lowercased())://") } || isPart(name)
        }
        return isPart(name)
    }

    /// `…_PORT_8080_TCP` and its `_PROTO`, `_PORT` and `_ADDR`.
    private static func isPart(_ name: String) -> Bool {
        var words = name.split(separator: "_", omittingEmptySubsequences: false)
        if let last = words.last, ["PROTO", "PORT", "ADDR"].contains(last) { words.removeLast() }
        guard words.count >= 4, protocols.contains(String(words[words.count - 1])) else { return false }
        let port = words[words.count - 2]
        return words[words.count - 3] == "PORT" && !port.isEmpty && port.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
