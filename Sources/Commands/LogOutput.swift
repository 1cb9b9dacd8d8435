import Domain
import Foundation
import Logging

/// Structured logs on standard error; a constant message, the data in fields.
enum LogOutput {
    /// - Parameter isBesideProgress: a person sees the progress on the same terminal: the line is taken away first, and
    ///   what the progress tells anyway is not logged too.
    static func logger(_ settings: LoggingSettings, isBesideProgress: Bool) -> Logger {
        var logger = Logger(label: "ballast") { _ in
            LineHandler(isJSON: settings.format == .json, isBesideProgress: isBesideProgress)
        }
        logger.logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        if isBesideProgress, logger.logLevel == .info || logger.logLevel == .notice { logger.logLevel = .warning }
        return logger
    }
}

/// One line a message, as text or as a JSON object.
struct LineHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    let isJSON: Bool
    let isBesideProgress: Bool

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { _, own in own }.mapValues { "\($0)" }
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
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
        Console.error((isBesideProgress ? "\r\u{1B}[2K" : "") + line + "\n")
    }
}
