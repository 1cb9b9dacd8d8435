import ArgumentParser
import Documents

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints a JSON Schema (draft 2020-12).",
        discussion: """
            For editors and other validators.

            Example:
              ballast schema manifest > manifest.schema.json
            """)

    @Argument(help: "Of which document.")
    var document: SchemaDocument

    func run() async throws { Surroundings.current().console.out(document.text) }
}

extension SchemaDocument: ExpressibleByArgument {}
