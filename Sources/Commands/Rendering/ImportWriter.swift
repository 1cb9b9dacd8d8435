import Documents
import Domain
import Foundation
import Source
import Wire

/// One manifest a bot, for what is deployed.
struct ImportWriter: Sendable {
    /// Absolute.
    var folder: String
    var configuration: Configuration

    func write(_ bots: [DeployedBots.Bot], _ surroundings: Surroundings) async throws -> ImportShape {
        let existing = try await existing()
        var names = Set(existing.map(\.name))
        let places = Dictionary(existing.map { ($0.key, $0.path) }, uniquingKeysWith: { first, _ in first })
        var shape = ImportShape(written: [], kept: [])
        for bot in bots {
            if let place = places[bot.key] {
                shape.kept.append(surroundings.shown(place))
                continue
            }
            let name = ImportWriter.name(for: bot.key, taken: &names)
            let path = "\(folder)/\(name).yaml"
            let text = manifest(bot, name: name)
            if try await offPool({ try NewFile.write(text, to: path) }) {
                shape.written.append(surroundings.shown(path))
            } else {
                shape.kept.append(surroundings.shown(path))
            }
        }
        return shape
    }

    /// Manifests that are in the folder already.
    private func existing() async throws -> [(name: String, key: BotKey, path: String)] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        let readings = try await ManifestFiles(decoder: configuration.manifestDecoder).read([folder])
        return readings.flatMap { reading in
            reading.parts.compactMap { part in
                part.key.map { (part.name ?? "", $0, reading.path) }
            }
        }
    }

    /// Whether a document without a platform means this one.
    private func isImplied(_ platform: String) -> Bool {
        platform == "default" || configuration.platforms.map(\.name) == [platform]
    }

    func manifest(_ bot: DeployedBots.Bot, name: String) -> String {
        var lines = [
            "apiVersion: ballast/v1", "kind: BotVersion", "metadata:", "  name: \(YAMLText.scalar(name))", "spec:",
        ]
        if !isImplied(bot.key.platform) { lines.append("  platform: \(YAMLText.scalar(bot.key.platform))") }
        lines += [
            "  botId: \(YAMLText.scalar(bot.key.botId))", "  environment: \(YAMLText.scalar(bot.key.environment))",
            "  version: \(YAMLText.scalar(bot.version))",
        ]
        return lines.map { $0 + "\n" }.joined()
    }

    static let maxNameCharacters = DocumentLimits.maxNameCharacters

    /// Letters, digits, `-` and `.`; of two alike the later one has a number.
    static func name(for key: BotKey, taken: inout Set<String>) -> String {
        let words = "\(key.botId)-\(key.environment)".lowercased().unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "-"
        }
        var base = String(words).split(separator: "-").joined(separator: "-")
        if base.isEmpty { base = "bot" }
        var name = String(base.prefix(maxNameCharacters))
        var number = 2
        while !taken.insert(name).inserted {
            let suffix = "-\(number)"
            name = String(base.prefix(maxNameCharacters - suffix.count)) + suffix
            number += 1
        }
        return name
    }
}
