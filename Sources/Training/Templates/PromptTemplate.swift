import Diagnostics

/// How an instruction and its input become the text that a decoder continues.
package struct PromptTemplate: Sendable {
    package let name: String
    package let summary: String
    let withInput: @Sendable (_ instruction: String, _ input: String) -> String
    let withoutInput: @Sendable (_ instruction: String) -> String

    package func render(instruction: String, input: String) -> String {
        input.isEmpty ? withoutInput(instruction) : withInput(instruction, input)
    }

    /// What is asked for when nobody says: to choose one of the labels.
    package static func instruction(labels: [String]) -> String {
        "Classify the text as \(labels.dropLast().joined(separator: ", ")) or \(labels.last ?? "")."
    }
}

/// The templates by name. A new one is a file of its own and a line here.
package enum TemplateRegistry {
    package static let all: [PromptTemplate] = [.alpaca, .alpacaLoRA, .llama2, .plain]

    /// - Throws: `unknown-template` with the nearest name.
    package static func named(_ name: String) throws -> PromptTemplate {
        if let template = all.first(where: { $0.name == name }) { return template }
        let near = closestName(to: name, among: all.map(\.name))
        throw Diagnostic(
            "unknown-template", "there is no prompt template \(name)",
            hint: near.map { "did you mean \($0)?" } ?? "there are \(all.map(\.name).joined(separator: ", "))"
        )
    }
}
