import Glibc
import Hummingbird
import HummingbirdCore
import Logging

/// How many connections are taken at a time; further ones wait in the system's queue. Files, platforms and git workers need
/// descriptors, too.
enum ConnectionLimit {
    static func raised() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 128 }
        let wanted = rlim_t(ServerLimits.maxConnections * ServerLimits.descriptorsPerConnection)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            // What cannot be raised stays as it is.
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        let most = Int(min(limit.rlim_cur, wanted)) / ServerLimits.descriptorsPerConnection
        return max(1, min(most, ServerLimits.maxConnections))
    }

    static func delegate(_ logger: Logger) -> any AvailableConnectionsDelegate {
        MaximumAvailableConnections(raised(), logger: logger)
    }
}
