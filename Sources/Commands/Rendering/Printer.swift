import Wire
import Yams

/// Prints one value in the form that was asked for.
struct Printer: Sendable {
    var console: Console
    var format: OutputFormat

    /// - Parameter table: for people; asked only where they read it.
    func print(_ value: some Encodable, table: (_ colors: Bool) -> String) throws {
        switch format {
        case .table: console.out(table(console.hasColors))
        case .json: console.out(try WireJSON.text(value))
        case .yaml: console.out(try Printer.yaml(value))
        }
    }

    static func yaml(_ value: some Encodable) throws -> String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        encoder.options.allowUnicode = true
        encoder.options.width = -1
        return try encoder.encode(value)
    }
}
