import Glibc
import Server

/// Whether this machine lets a process listen there, tried and given back at once.
enum ListenProbe {
    /// nil: it does.
    static func failure(host: String, port: Int) -> ListenError? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let address = found else {
            return ListenError(unresolved: host, port: port)
        }
        defer { freeaddrinfo(found) }
        let one = address.pointee
        let descriptor = socket(one.ai_family, one.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), one.ai_protocol)
        guard descriptor >= 0 else { return ListenError(host: host, port: port, code: errno) }
        defer { close(descriptor) }
        // As the server does it: a port whose last connections are not quite gone is free.
        var isOn: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<CInt>.size))
        guard bind(descriptor, one.ai_addr, one.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
            return ListenError(host: host, port: port, code: errno)
        }
        return nil
    }
}
