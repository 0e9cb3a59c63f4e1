import Datasets
import Display
import JSON
import Training

/// What was written: texts, how many tokens, how fast, and why each ended.
struct GenerationReport {
    private let prompts: [PromptRow]
    private let writing: Writing
    private let template: String?
    /// How an encoder filled masks in; nil where a model wrote from left to right.
    private let filled: FillingSettings?
    private let showsTimes: Bool

    /// Of a file.
    static let columns = ["prompt", "input", "sample", "answer", "ended", "tokens"]

    init(
        _ prompts: [PromptRow], _ writing: Writing, template: String?, filled: FillingSettings? = nil,
        showsTimes: Bool
    ) {
        (self.prompts, self.writing, self.template) = (prompts, writing, template)
        self.filled = filled
        self.showsTimes = showsTimes
    }

    var count: Int { writing.texts.count }
    var texts: [WrittenText] { writing.texts }

    /// A text each, with what it follows.
    var rows: [JSON] {
        writing.texts.map { text in
            let prompt = prompts[text.prompt]
            var row: JSONObject = ["prompt": .string(prompt.text)]
            if !prompt.input.isEmpty { row["input"] = .string(prompt.input) }
            row["sample"] = .integer(text.sample + 1)
            row["answer"] = .string(text.text)
            row["ended"] = .string(text.ending.rawValue)
            row["tokens"] = .integer(text.tokens.count)
            return .object(row)
        }
    }

    var value: JSON {
        var value: JSONObject = ["texts": .array(rows), "tokens": .integer(tokens)]
        value["prompt_tokens"] = .integer(writing.promptTokens)
        if let template { value["template"] = .string(template) }
        if let filled {
            value["filled_masks"] = [
                "order": .string(filled.order.rawValue), "rounds": .integer(filled.rounds),
            ]
        }
        if showsTimes {
            value["seconds"] = .number(writing.seconds)
            if let rate { value["tokens_per_second"] = .number(rate) }
        }
        return .object(value)
    }

    private var tokens: Int { writing.texts.reduce(0) { $0 + $1.tokens.count } }

    /// Of what was written after the first tokens, which come with the reading of prompts.
    private var rate: Double? {
        let later = writing.tokens - writing.texts.count
        return writing.writingSeconds > 0 && later > 0 ? Double(later) / writing.writingSeconds : nil
    }

    /// `48 tokens · 31 tokens/s · ended by max_tokens`
    var facts: String {
        var facts = [counted(tokens, "token")]
        if showsTimes, let rate {
            facts.append("\(NumberStyle.fixed(rate < 10 ? 1 : 0).text(rate)) tokens/s")
        }
        return (facts + endings).joined(separator: " · ")
    }

    private var endings: [String] {
        guard writing.texts.count > 1 else { return writing.texts.map(\.ending.summary) }
        return WrittenText.Ending.allCases.compactMap { ending in
            let count = writing.texts.count { $0.ending == ending }
            return count > 0 ? "\(count.grouped) \(ending.summary)" : nil
        }
    }

    /// Why a text ended, where there are several.
    func remark(_ text: WrittenText) -> String { writing.texts.count > 1 ? text.ending.summary : "" }
}
