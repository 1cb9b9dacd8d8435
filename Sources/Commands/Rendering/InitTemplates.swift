import Documents
import Domain

/// What `ballast init` writes and says.
enum InitTemplates {
    static func configuration(url: String, branch: String) -> String {
        """
        # The configuration of Ballast. `ballast schema configuration` describes every field; what is not said here has the
        # default. A secret never stands here: it is `{file: PATH}` or `{env: NAME}`. Any scalar can be overridden by a variable,
        # such as BALLAST_SOURCE_BRANCH for `source.branch`.

        source:
          # The repository with the manifests: https, ssh, git, file, or a path (relative to this file).
          url: \(YAMLText.scalar(url))
          branch: \(YAMLText.scalar(branch))
          path: bots                       # only manifests below this folder
          # auth:                          # one of
          #   ssh: {keyFile: /run/keys/id_ed25519, knownHostsFile: /run/keys/known_hosts}
          #   token: {file: /run/secrets/git-token}

        platforms:
          - name: default
            kind: v1
            url: https://tenant.example    # your platform
            apiKey: {env: BALLAST_API_KEY}
            # rateLimit: {requests: 600, per: 1m}
            # maxConcurrentRequests: 16

        reconcile:
          mode: converge                   # alert: reports and touches nothing, the way to take over a fleet
          # maxBotsPerCommit: 50           # a commit that rolls more bots waits for `ballast approve`

        # notifications:
        #   - name: pipeline
        #     kind: webhook
        #     url: https://hooks.example.com/ci-cd
        #     secret: {file: /run/secrets/pipeline-hook}
        #     events: [rollout.*, drift.*]

        # audit:
        #   file: audit.jsonl
        #   notes: {ref: refs/notes/ballast, push: true}
        #   signingKey: {file: /run/secrets/audit-key}   # openssl genpkey -algorithm ed25519
        # state: ballast.db

        """
    }

    static let manifest = """
        # The version that one bot serves. `ballast schema manifest` describes every field.
        apiVersion: ballast/v1
        kind: BotVersion
        metadata:
          name: example                    # unique in the repository
          labels: {team: example}
        spec:
          botId: bot_12345
          environment: PRODUCTION
          version: v_67890                 # the desired version: change it, commit, and Ballast rolls the bot
          mode: alert                      # only reports; take this line away to let Ballast act
          verify:                          # asked after every rollout; all must pass
            - message: I need help with my order
              intent: order_support
              minConfidence: 0.85

        """

    static func nextSteps(folder: String) -> String {
        let change = folder == "." ? "" : "cd \(folder)\n  "
        return """
            Next:
              1. Say in ballast.yaml where your repository and your platform are.
              2. Write manifests: change bots/example.yaml, or take what is deployed with `ballast import`.
              3. Check, commit, look, act:

              \(change)ballast validate
              git add .gitignore ballast.yaml bots && git commit -m "Name the versions of our bots" && git push
              ballast doctor
              ballast plan
              ballast reconcile

            What Ballast did stands in notes beside the commits; a clone fetches them with
              \(NotesFetch.line(ref: "refs/notes/ballast"))
              git log --notes=ballast

            """
    }

    /// The state and the log lie beside the configuration by default, and belong in no repository.
    static let ignored = """
        /ballast.db*
        /audit.jsonl*
        /audit-*.jsonl*

        """

    /// Whether the configuration that would be written is a good one.
    static func isAccepted(url: String, branch: String) -> Bool {
        let text = configuration(url: url, branch: branch)
        let loaded = ConfigurationLoader.load(
            bytes: Array(text.utf8), path: "/\(LoadedConfiguration.defaultName)", environment: [:])
        return (try? loaded.get()) != nil
    }
}

/// Scalars as they are written into YAML.
enum YAMLText {
    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    /// Plain where that can mean nothing else, quoted else. Controls are never part of what is written.
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || "._-/:@~+".unicodeScalars.contains($0))
            }
            && text.unicodeScalars.first.map { $0.properties.isAlphabetic || "./".unicodeScalars.contains($0) } == true
            && !text.hasSuffix(":") && !words.contains(text.lowercased())
        if isPlain { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
