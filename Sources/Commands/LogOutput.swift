import Domain
import Foundation
import Logging

/// Structured logs on standard error; a constant message, the data in fields.
enum LogOutput {
    static func logger(_ settings: LoggingSettings) -> Logger {
        var logger = Logger(label: "ballast") { _ in LineHandler(isJSON: settings.format == .json) }
        logger.logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        return logger
    }
}

/// One line a message, as text or as a JSON object.
struct LineHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    let isJSON: Bool

    init(isJSON: Bool) { self.isJSON = isJSON }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { _, own in own }.mapValues { "\($0)" }
        let time = Date().formatted(.iso8601)
        let line: String
        if isJSON {
            fields["time"] = time
            fields["level"] = event.level.rawValue
            fields["message"] = "\(event.message)"
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            line = (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        } else {
            let rest = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.debugDescription)" }.joined()
            line = "\(time) \(event.level.rawValue) \(event.message)\(rest)"
        }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
