import Domain
import Foundation
import Source
import Support

/// `git daemon` on a port of the system's choice, so that hooks run and refusals come over the wire as from a forge.
/// Ends when its standard input does.
final class GitDaemon {
    static let isAvailable = BuiltProducts.hasProgram("python3") && BuiltProducts.hasProgram("git")

    let address: String
    private let process = Process()
    private let input = Pipe()

    init(serving folder: TemporaryFolder) throws {
        let script = try folder.write(Self.script, to: "daemon.py")
        process.executableURL = URL(filePath: BuiltProducts.programPath("python3") ?? "")
        process.arguments = [script, folder.path]
        process.environment = ["PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": folder.path]
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = ""
        while let byte = try output.fileHandleForReading.read(upToCount: 1), let character = byte.first, character != 10
        {
            line.unicodeScalars.append(Unicode.Scalar(character))
        }
        address = "git://127.0.0.1:\(line)"
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static let script = #"""
        import os, socketserver, subprocess, sys, threading

        folder = sys.argv[1]

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                command = ["git", "daemon", "--inetd", "--export-all", "--enable=receive-pack", "--base-path=" + folder]
                subprocess.run(command, stdin=self.request, stdout=self.request, stderr=subprocess.DEVNULL)

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}

extension SourceBench {
    /// The same repository, served by `git daemon`, with an update hook that refuses one ref in its own words.
    func refusing(_ ref: String, _ words: String, _ body: (SourceBench) async throws -> Void) async throws {
        let hook = try folder.write(
            "#!/bin/sh\ncase $1 in \(ref)) echo '\(words)' >&2; exit 1;; esac\n", to: "remote.git/hooks/update")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: hook)
        let daemon = try GitDaemon(serving: folder)
        var served = settings
        served.url = daemon.address + "/remote.git"
        let bench = try await SourceBench(folder: folder, fixture: fixture, settings: served, copy: "copy-served")
        do {
            try await body(bench)
        } catch {
            await bench.access.shutdown()
            throw error
        }
        await bench.access.shutdown()
        withExtendedLifetime(daemon) {}
    }
}
