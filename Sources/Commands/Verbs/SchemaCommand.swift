import ArgumentParser
import Documents
import Wire

struct SchemaCommand: AsyncParsableCommand {
    enum Document: String, CaseIterable, ExpressibleByArgument {
        case manifest, configuration, event, audit

        var text: String {
            switch self {
            case .manifest: SchemaDocument.manifest.text
            case .configuration: SchemaDocument.configuration.text
            case .event: EventSchema.text
            case .audit: AuditSchema.text
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints a JSON Schema (draft 2020-12).",
        discussion: """
            For editors and other validators: of manifests, of the configuration, of the events that webhooks are sent, and \
            of audit records.

            Example:
              ballast schema manifest > manifest.schema.json
            """)

    @Argument(help: "Of which document.")
    var document: Document

    func run() async throws { Surroundings.current().console.out(document.text) }
}
