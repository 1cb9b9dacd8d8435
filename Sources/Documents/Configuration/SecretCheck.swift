package import Domain

extension ConfigurationLoader {
    /// Every secret of the configuration that can't be read now; with such a one no verb that needs it should start.
    /// - Parameters:
    ///   - path: of the configuration's file, absolute.
    ///   - bytes: of that file, for the places of the secrets.
    package static func secretProblems(
        _ configuration: Configuration, path: String, bytes: [UInt8], reader: any Secrets
    ) -> [Problem] {
        let places = secretPlaces(bytes, folder: folder(of: path))
        return secrets(of: configuration).compactMap { field, reference in
            do throws(SecretProblem) {
                _ = try reader.read(reference)
                return nil
            } catch {
                let place = places[reference] ?? .none
                let message = "`\(field)`: \(error.message)"
                return Problem(path: path, line: place.line, column: place.column, message: message)
            }
        }
    }

    /// Files beside the secrets without which the repository cannot be asked, and that can't be read now.
    package static func fileProblems(
        _ configuration: Configuration, path: String, bytes: [UInt8], isReadable: (String) -> Bool
    ) -> [Problem] {
        var files: [(field: String, path: String)] = []
        if case .ssh(_, let knownHosts) = configuration.source.auth {
            files.append(("source.auth.ssh.knownHostsFile", knownHosts))
        }
        if let caFile = configuration.source.caFile { files.append(("source.caFile", caFile)) }
        if let keys = configuration.audit.formerKeys { files.append(("audit.formerKeys", keys)) }
        let missing = files.filter { !isReadable($0.path) }
        guard !missing.isEmpty else { return [] }
        let places = secretPlaces(bytes, folder: folder(of: path))
        return missing.map { field, file in
            let place = places[.file(path: file)] ?? .none
            let message = "`\(field)`: the file \(file) is not there, or may not be read"
            return Problem(path: path, line: place.line, column: place.column, message: message)
        }
    }

    /// A problem with what a file holds, at the place where the configuration names it.
    package static func problem(
        with reference: SecretReference, _ message: String, path: String, bytes: [UInt8]
    ) -> Problem {
        let place = secretPlaces(bytes, folder: folder(of: path))[reference] ?? .none
        return Problem(path: path, line: place.line, column: place.column, message: message)
    }

    /// Where the file names each secret; one that the environment names has no place.
    private static func secretPlaces(_ bytes: [UInt8], folder: String) -> [SecretReference: Place] {
        let source = SourceText(bytes)
        let builder = ConfigurationBuilder(folder: folder, zones: nil)
        var places: [SecretReference: Place] = [:]
        var waiting = [TreeReader.read(bytes[...]).root].compactMap(\.self)
        while let node = waiting.popLast() {
            switch node.content {
            case .scalar: break
            case .list(let items): waiting += items
            case .mapping(let entries):
                for entry in entries {
                    let place = source.place(at: entry.value.range.lowerBound)
                    switch (entry.key.text, entry.value.text) {
                    case ("file", let text?), ("keyFile", let text?), ("knownHostsFile", let text?),
                        ("caFile", let text?), ("formerKeys", let text?):
                        places[.file(path: builder.absolute(text))] = place
                    case ("env", let text?): places[.environment(name: text)] = place
                    default: waiting.append(entry.value)
                    }
                }
            }
        }
        return places
    }

    /// Fields and where their secrets are.
    package static func secrets(of configuration: Configuration) -> [(field: String, reference: SecretReference)] {
        var found: [(field: String, reference: SecretReference)] = []
        if case .token(let token, _) = configuration.source.auth { found.append(("source.auth.token", token)) }
        if case .ssh(let keyFile, _) = configuration.source.auth {
            found.append(("source.auth.ssh.keyFile", .file(path: keyFile)))
        }
        if let key = configuration.source.signingKey { found.append(("source.signingKey", key)) }
        if let key = configuration.audit.signingKey { found.append(("audit.signingKey", key)) }
        for platform in configuration.platforms {
            switch platform.credential {
            case .apiKey(let keys): found += keys.map { ("platforms.\(platform.name).apiKey", $0) }
            case .oauth2(_, _, let secrets, _):
                found += secrets.map { ("platforms.\(platform.name).oauth2.clientSecret", $0) }
            }
        }
        for sink in configuration.notifications {
            if case .secret(let url) = sink.url { found.append(("notifications.\(sink.name).url", url)) }
            found += sink.secrets.map { ("notifications.\(sink.name).secret", $0) }
            found += sink.tokens.map { ("notifications.\(sink.name).token", $0) }
        }
        for token in configuration.server.tokens {
            found += token.secrets.map { ("server.tokens.\(token.name).token", $0) }
        }
        for provider in ServerSettings.Provider.allCases {
            found += (configuration.server.hooks[provider]?.secrets ?? []).map {
                ("server.hooks.\(provider.rawValue).secret", $0)
            }
        }
        return found
    }
}
