import Datasets
import Diagnostics

/// How an instruction with its input, or a dialogue, becomes the text that a decoder reads and continues.
package struct PromptTemplate: Sendable {
    /// The two kinds that there are, and the one that the model's files decide.
    package enum Form: Sendable {
        /// One request and its answer: with an input and without.
        case pattern(TemplatePattern, withoutInput: TemplatePattern)
        /// A dialogue of any number of turns; `asks` ends it where the assistant is to go on.
        case dialogue(@Sendable (_ turns: [Turn], _ asks: Bool) -> [TextSegment])
        case ofModel
    }

    package let name: String
    package let summary: String
    package let form: Form

    package init(name: String, summary: String, _ form: Form) {
        (self.name, self.summary, self.form) = (name, summary, form)
    }

    /// The text up to where an answer begins.
    package func render(instruction: String, input: String) -> String {
        prompt(instruction: instruction, input: input).map(\.text).joined()
    }

    /// What stands before an answer; a model's own template has to be found before.
    package func prompt(instruction: String, input: String) -> [TextSegment] {
        switch form {
        case .pattern(let pattern, let withoutInput):
            let pattern = input.isEmpty ? withoutInput : pattern
            return Array(
                pattern.segments(instruction: instruction, input: input).prefix { !$0.isSaid })
        case .dialogue(let render):
            return render([Turn(.user, Self.request(instruction, input))], true)
        case .ofModel: return []
        }
    }

    /// A request as one turn of a dialogue.
    static func request(_ instruction: String?, _ input: String) -> String {
        [instruction ?? "", input].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// What is asked for when nobody says: to choose one of the labels.
    package static func instruction(labels: [String]) -> String {
        "Classify the text as \(labels.dropLast().joined(separator: ", ")) or \(labels.last ?? "")."
    }
}

/// The templates by name. A new one is a file of its own and a line here.
package enum TemplateRegistry {
    package static let all: [PromptTemplate] = [
        .alpaca, .alpacaLoRA, .llama2, .plain, .chatML, .smolLM2, .qwen2, .llama3, .zephyr, .ofModel,
    ]

    /// The template of that name, or the one that the text itself is.
    ///
    /// - Throws: `unknown-template` with the nearest name; `bad-template`.
    package static func named(_ name: String) throws -> PromptTemplate {
        if let template = all.first(where: { $0.name == name }) { return template }
        if TemplatePattern.isMeant(by: name) { return try .custom(name) }
        let near = closestName(to: name, among: all.map(\.name))
        throw Diagnostic(
            "unknown-template", "there is no prompt template \(name.forMessages)",
            hint: near.map { "did you mean \($0)?" }
                ?? "there are \(all.map(\.name).joined(separator: ", ")), and a text with {response} in it")
    }
}
