import Datasets
import Display
import Tokenizers
import Training

/// How a person's words become what a model goes on from.
///
/// What a model was tuned on is how it is asked: where the data were loaded with a template and nobody says otherwise, the
/// words go into that one, in the place where the data's texts stood.
struct PromptReading: Sendable {
    private let encoder: RequestEncoder?
    /// What is asked of the words, where they are what a fixed instruction is about.
    private let instruction: String?
    /// Whether nobody has asked for the template.
    private let isTheDatas: Bool

    /// The word for no template.
    static let none = "none"

    /// - `name`: a template's, `none`, or nil for the data's.
    /// - Throws: `unknown-template`; what the model's own template brings up.
    init(_ name: String?, data: LoadedData?, for tokenizer: any Tokenizer) throws {
        guard name == nil, let data, let own = data.template else {
            let named = try name.flatMap { $0 == Self.none ? nil : try TemplateRegistry.named($0) }
            encoder = try named.map { try RequestEncoder($0, tokenizer: tokenizer) }
            (instruction, isTheDatas) = (nil, false)
            return
        }
        (encoder, isTheDatas) = (try RequestEncoder(own, tokenizer: tokenizer), true)
        let labels = data.dataset.labels
        instruction = labels.count > 1 ? data.instruction ?? PromptTemplate.instruction(labels: labels) : nil
    }

    var templateName: String? { encoder?.template.name }

    /// Tokens with which the template ends an answer.
    var ends: Set<Int32> { encoder?.ends ?? [] }

    /// Whether the text is the words themselves, so that what is written goes on from them.
    var isPlain: Bool { encoder == nil }

    /// Whether there is a place for what the words are about.
    var takesInput: Bool { encoder != nil && instruction == nil }

    /// What the model reads of a row, as a writer has it.
    func tokens(of row: PromptRow, by writer: any TextWriter) -> [Int32] {
        guard let encoder else { return writer.tokens(of: row.text) }
        guard let instruction else { return encoder.tokens(instruction: row.text, input: row.input) }
        return encoder.tokens(instruction: instruction, input: row.text)
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
        guard isTheDatas, let encoder else { return unused }
        let place = instruction.map { "as the input of “\($0)”" } ?? "as the instruction"
        return unused + [
            "read by the prompt \(encoder.template.name) of the data, \(place); prompt=none goes on from the words themselves"
        ]
    }
}
