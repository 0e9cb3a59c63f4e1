import Datasets
import Display
import Training

/// How a person's words become what a model goes on from.
///
/// What a model was tuned on is how it is asked: where the data were loaded with a template and nobody says otherwise, the
/// words go into that one, in the place where the data's texts stood.
struct PromptReading: Sendable {
    private let template: PromptTemplate?
    /// What is asked of the words, where they are what a fixed instruction is about.
    private let instruction: String?
    /// Whether nobody has asked for the template.
    private let isTheDatas: Bool

    /// The word for no template.
    static let none = "none"

    /// - `name`: a template's, `none`, or nil for the data's.
    init(_ name: String?, data: LoadedData?) throws {
        guard name == nil, let data, let own = data.template else {
            template = try name.flatMap { $0 == Self.none ? nil : try TemplateRegistry.named($0) }
            (instruction, isTheDatas) = (nil, false)
            return
        }
        (template, isTheDatas) = (own, true)
        let labels = data.dataset.labels
        instruction = labels.count > 1 ? data.instruction ?? PromptTemplate.instruction(labels: labels) : nil
    }

    var templateName: String? { template?.name }

    /// Whether the text is the words themselves, so that what is written goes on from them.
    var isPlain: Bool { template == nil }

    /// Whether there is a place for what the words are about.
    var takesInput: Bool { template != nil && instruction == nil }

    func text(of row: PromptRow) -> String {
        guard let template else { return row.text }
        guard let instruction else { return template.render(instruction: row.text, input: row.input) }
        return template.render(instruction: instruction, input: row.text)
    }

    /// As a person sees it: their own words.
    func turn(of row: PromptRow) -> WritingView.Turn {
        guard !isPlain else { return WritingView.Turn(row.text, isFaint: true) }
        let words = row.input.isEmpty ? row.text : "\(row.text)\n\n\(row.input)"
        return WritingView.Turn(words, by: "prompt", isFaint: true)
    }

    /// What is to be said of it.
    ///
    /// - `hasInputs`: whether something stands beside the words.
    func remarks(hasInputs: Bool) -> [String] {
        let unused =
            hasInputs && !takesInput
            ? [
                "what stands in the column beside the prompts is not read: a template has a place for it, as prompt=alpaca"
            ]
            : []
        guard isTheDatas, let template else { return unused }
        let place = instruction.map { "as the input of “\($0)”" } ?? "as the instruction"
        return unused + [
            "read by the prompt \(template.name) of the data, \(place); prompt=none goes on from the words themselves"
        ]
    }
}
