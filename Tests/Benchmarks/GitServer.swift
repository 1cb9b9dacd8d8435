import Foundation
import Glibc
import Support

/// Serves the bare repository of a stage on loopback: `git daemon`, or `git http-backend` behind a small HTTP server.
final class GitServer {
    enum Transport: String, CaseIterable {
        case git, http
    }

    let address: String
    private let process: pid_t

    init(_ transport: Transport, in folder: String) async throws {
        let port = try Self.freePort()
        address = "\(transport.rawValue)://127.0.0.1:\(port)/bots.git"
        switch transport {
        case .git:
            let folderOfGit = try await checkProcess("git", ["--exec-path"]).standardOutput
                .trimmingCharacters(in: .whitespacesAndNewlines)
            process = try Child.spawn(
                "\(folderOfGit)/git-daemon",
                [
                    "--listen=127.0.0.1", "--port=\(port)", "--reuseaddr", "--export-all", "--enable=receive-pack",
                    "--base-path=\(folder)", folder,
                ], output: "\(folder)/git-daemon.out", errors: "\(folder)/git-daemon.log")
        case .http:
            guard let python = BuiltProducts.programPath("python3") else {
                throw Child.Failure(description: "python3 is needed to serve over HTTP")
            }
            let script = "\(folder)/http-backend.py"
            try Self.backend.write(toFile: script, atomically: true, encoding: .utf8)
            process = try Child.spawn(
                python, [script, folder, "\(port)"], output: "\(folder)/http.out", errors: "\(folder)/http.log")
        }
        let deadline = ContinuousClock.now + .seconds(10)
        while (try? LoopbackSocket(port: port)) == nil {
            guard ContinuousClock.now < deadline else { throw Child.Failure(description: "no server at \(address)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    deinit {
        kill(process, SIGKILL)
        _ = try? Child.wait(for: process)
    }

    /// One that was free a moment ago; these servers cannot tell which one the system would choose.
    private static func freePort() throws -> Int {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(probe, generic, length) == 0 ? getsockname(probe, generic, &length) : -1
            }
        }
        guard status == 0 else { throw Child.Failure(description: "no port is free") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    private static let backend = #"""
        import http.server, os, subprocess, sys

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def do_GET(self): self.serve()
            def do_POST(self): self.serve()
            def serve(self):
                path, _, query = self.path.partition("?")
                if "chunked" in self.headers.get("Transfer-Encoding", ""):
                    body = b""
                    while True:
                        size = int(self.rfile.readline().strip() or b"0", 16)
                        body += self.rfile.read(size)
                        self.rfile.readline()
                        if size == 0: break
                else:
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                env = dict(os.environ, GIT_PROJECT_ROOT=sys.argv[1], GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path,
                    QUERY_STRING=query, REQUEST_METHOD=self.command, REMOTE_USER="bench", CONTENT_LENGTH=str(len(body)),
                    CONTENT_TYPE=self.headers.get("Content-Type", ""),
                    HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""),
                    GIT_PROTOCOL=self.headers.get("Git-Protocol", ""))
                done = subprocess.run(["git", "http-backend"], input=body, stdout=subprocess.PIPE, env=env)
                head, _, rest = done.stdout.partition(b"\r\n\r\n")
                status, headers = "200", []
                for line in head.decode().split("\r\n"):
                    name, _, value = line.partition(": ")
                    if name == "Status": status = value
                    elif name: headers.append((name, value))
                self.send_response(int(status.split()[0]))
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
        """#
}
