import Datasets
import Diagnostics
import Tokenizers

/// Requests and dialogues as the tokens that a model goes on from, by a template: just as texts of that template are
/// learned. What a template says may be special tokens; what a person or the data say never is.
package struct RequestEncoder: Sendable {
    /// With the model's own found already.
    package let template: PromptTemplate
    private let segments: SegmentEncoder

    /// - Throws: `no-chat-template`, `unknown-chat-template`.
    package init(_ template: PromptTemplate, tokenizer: any Tokenizer) throws {
        self.template = try template.resolved(for: tokenizer)
        segments = SegmentEncoder(self.template, tokenizer: tokenizer)
    }

    package func tokens(instruction: String, input: String = "") -> [Int32] {
        tokens(template.prompt(instruction: instruction, input: input))
    }

    /// A dialogue, up to where the assistant is to go on.
    ///
    /// - Throws: `one-round` for a template of one request and its answer, where there is more.
    package func tokens(of turns: [Turn]) throws -> [Int32] {
        if case .dialogue(let render) = template.form { return tokens(render(turns, true)) }
        guard turns.count == 1, let turn = turns.first else {
            throw Diagnostic(
                "one-round",
                "the prompt \(template.name) has one request and its answer, and this is a dialogue",
                about: "prompt", hint: "write prompt=chatml, or chat for the model's own")
        }
        return tokens(instruction: turn.content)
    }

    /// Special tokens that end what the assistant says, where the template has some: a text ends with them too.
    package var ends: Set<Int32> {
        guard case .dialogue(let render) = template.form else { return [] }
        let turns = [Turn(.user, ""), Turn(.assistant, "")]
        let said = render(turns, false).filter { $0.isSaid && $0.turn == 1 }
        let marks = said.filter { if case .markup = $0.content { true } else { false } }
        return Set(
            marks.compactMap { mark -> Int32? in
                let ids = tokens([mark])
                let isSpecial =
                    ids.count == 1
                    && segments.tokenizer.decode(ids, skippingSpecialTokens: true).isEmpty
                return isSpecial ? ids[0] : nil
            })
    }

    private func tokens(_ read: [TextSegment]) -> [Int32] { segments.encode(read) { _ in false }.ids }
}
