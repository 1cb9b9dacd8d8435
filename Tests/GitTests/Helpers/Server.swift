import Foundation

/// A server on loopback, on a port of the system's choice, run by a small Python program that ends with this process.
final class Server: Sendable {
    static let isAvailable = Tool.exists("/usr/bin/python3")

    let port: Int
    private let process: Process
    private let input: Pipe

    /// - Parameter arguments: what the script below takes.
    init(_ arguments: [String], in scratch: Scratch) throws {
        let script = scratch("server-\(UUID().uuidString).py")
        try Data(Self.script.utf8).write(to: URL(fileURLWithPath: script))
        process = Tool.process("/usr/bin/python3", [script] + arguments, in: scratch.path, [:])
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line += byte
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw ToolFailure(description: "the test server did not start")
        }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }

    private static let script = #"""
        import base64, http.server, os, signal, socket, socketserver, ssl, subprocess, sys, threading, time

        mode, args = sys.argv[1], sys.argv[2:]

        class Spawn(socketserver.BaseRequestHandler):
            # Runs a program for each connection, with the socket as its standard input and output (as inetd does).
            def handle(self):
                subprocess.run(args, stdin=self.request, stdout=self.request, stderr=subprocess.DEVNULL)

        class Silent(socketserver.BaseRequestHandler):
            def handle(self):
                while True: time.sleep(60)

        class Garbage(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.recv(4096)
                self.request.sendall(os.urandom(256) + b"\n" + b"zzzz not a packet\n" * 100)

        class Drop(socketserver.BaseRequestHandler):
            # Passes a conversation on to a real server, and hangs up after so many bytes of its answers.
            def handle(self):
                rest = int(args[0])
                child = subprocess.Popen(args[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                def forward():
                    try:
                        while True:
                            data = self.request.recv(65536)
                            if not data: break
                            os.write(child.stdin.fileno(), data)
                    except OSError: pass
                threading.Thread(target=forward, daemon=True).start()
                while rest > 0:
                    data = os.read(child.stdout.fileno(), min(65536, rest))
                    if not data: break
                    self.request.sendall(data)
                    rest -= len(data)
                child.kill()

        class Drip(socketserver.BaseRequestHandler):
            # One byte of an endless answer at a time.
            def handle(self):
                self.request.recv(4096)
                try:
                    self.request.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while True:
                        self.request.sendall(b"H")
                        time.sleep(0.05)
                except OSError: pass

        class Http(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"
            def log_message(self, *_): pass
            def do_GET(self): self.serve()
            def do_POST(self): self.serve()
            def serve(self):
                root, user, token = args[:3]
                log = args[3] if len(args) > 3 else None
                if log:
                    with open(log, "a") as file: file.write(self.path + " " + str(self.headers.get("Authorization")) + "\n")
                if self.path.startswith("/redirect-"):
                    port, _, rest = self.path[10:].partition("/")
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:%s/%s" % (port, rest))
                    self.end_headers()
                    return
                wanted = "Basic " + base64.b64encode((user + ":" + token).encode()).decode()
                if token and self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                path, _, query = self.path.partition("?")
                env = dict(os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path, QUERY_STRING=query,
                    REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get("Content-Type", ""), REMOTE_USER=user,
                    HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""))
                if "chunked" in self.headers.get("Transfer-Encoding", ""):
                    body = b""
                    while True:
                        size = int(self.rfile.readline().strip() or b"0", 16)
                        if size == 0: break
                        body += self.rfile.read(size)
                        self.rfile.readline()
                else:
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                env["CONTENT_LENGTH"] = str(len(body))
                done = subprocess.run(["git", "http-backend"], input=body, stdout=subprocess.PIPE, env=env)
                head, _, rest = done.stdout.partition(b"\r\n\r\n")
                status = "200 OK"
                headers = []
                for line in head.decode().split("\r\n"):
                    name, _, value = line.partition(": ")
                    if name == "Status": status = value
                    elif name: headers.append((name, value))
                self.send_response(int(status.split()[0]))
                for name, value in headers: self.send_header(name, value)
                self.end_headers()
                self.wfile.write(rest)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

        handlers = {"spawn": Spawn, "silent": Silent, "garbage": Garbage, "drop": Drop, "drip": Drip, "http": Http}
        if mode == "http":
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Http)
            if len(args) > 4:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(args[4], args[5])
                server.socket = context.wrap_socket(server.socket, server_side=True)
        else:
            server = Server(("127.0.0.1", 0), handlers[mode])
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}

extension Server {
    /// `git daemon` for everything below the scratch folder.
    static func daemon(for fixture: Fixture) throws -> Server {
        try Server(["spawn"] + daemonCommand(fixture), in: fixture.scratch)
    }

    static func daemonCommand(_ fixture: Fixture) -> [String] {
        [
            "/usr/bin/git", "daemon", "--inetd", "--export-all", "--enable=receive-pack",
            "--base-path=\(fixture.scratch.path)", fixture.scratch.path,
        ]
    }
}

/// OpenSSH's own server with keys made for one test.
struct SSHServer {
    let server: Server
    let userKey: String
    let hostKeyLine: String
    let scratch: Scratch

    static let isAvailable = Server.isAvailable && Tool.exists("/usr/sbin/sshd") && Tool.exists("/usr/bin/ssh-keygen")

    init(for fixture: Fixture) async throws {
        scratch = fixture.scratch
        for name in ["host_key", "user_key"] {
            _ = try await Tool.run(
                "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", scratch(name)])
        }
        let authorized = try String(contentsOfFile: scratch("user_key.pub"), encoding: .utf8)
        try scratch.write(authorized, to: "authorized_keys")
        try scratch.write(
            """
            HostKey \(scratch("host_key"))
            AuthorizedKeysFile \(scratch("authorized_keys"))
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PidFile none
            PermitRootLogin prohibit-password
            """, to: "sshd_config")
        // sshd wants this folder, which a machine that never ran it may lack.
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        server = try Server(["spawn", "/usr/sbin/sshd", "-i", "-f", scratch("sshd_config")], in: scratch)
        userKey = try String(contentsOfFile: scratch("user_key"), encoding: .utf8)
        let fields = try String(contentsOfFile: scratch("host_key.pub"), encoding: .utf8).split(separator: " ")
        hostKeyLine = "\(fields[0]) \(fields[1])"
    }

    func address(_ path: String) -> String { "ssh://\(NSUserName())@127.0.0.1:\(server.port)\(path)" }
    var host: String { "[127.0.0.1]:\(server.port)" }

    /// A line of known hosts with a hashed name, made by ssh-keygen.
    func hashedKnownHosts() async throws -> String {
        try scratch.write("\(host) \(hostKeyLine)\n", to: "hashed")
        _ = try await Tool.run("/usr/bin/ssh-keygen", ["-q", "-H", "-f", scratch("hashed")])
        return try String(contentsOfFile: scratch("hashed"), encoding: .utf8)
    }
}
