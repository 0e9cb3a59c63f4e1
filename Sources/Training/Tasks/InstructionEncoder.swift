import Datasets
import Diagnostics
import Learning
import Tokenizers

/// A request with its answer, or a dialogue, of which what the assistant says is learned, with what ends it.
///
/// What is too long is made shorter where it costs least: a request's text loses its end, a dialogue its oldest turns. Of
/// an answer that even then does not fit nothing is learned, and the example is left out and counted.
package struct InstructionEncoder: Encoder {
    package let maxLength: Int
    private let template: PromptTemplate
    private let instruction: String?
    private let learned: LearnedTurns
    private let segments: SegmentEncoder
    /// Examples that stand before each request, of which nothing is learned.
    package var shots: [Shot] = []

    /// - `template`: with the model's own found already; `instruction`: of examples that have none.
    package init(
        tokenizer: any Tokenizer, template: PromptTemplate, instruction: String?,
        learned: LearnedTurns = .assistant, maxLength: Int
    ) {
        (self.template, self.instruction, self.learned) = (template, instruction, learned)
        self.maxLength = maxLength
        segments = SegmentEncoder(template, tokenizer: tokenizer)
    }

    /// An example as it stands before others; nil for one without an answer of its own.
    func shot(of example: Example) -> Shot? {
        guard example.turns.isEmpty, let answer = example.answer else { return nil }
        let (instruction, input) = asked(Request(example))
        return Shot(instruction: instruction, input: input, answer: answer)
    }

    /// Tokens that examples take before a request.
    func tokenCount(of shots: [Shot]) -> Int { segments.tokenCount(of: shots, in: template) }

    package func hasAnswer(_ example: Example) -> Bool {
        example.answer != nil || example.turns.contains { $0.role == .assistant }
    }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        let (rows, cut) = rows(of: example, answered: [example.answer])
        return EncodedExample(rows, cut: cut)
    }

    /// The example with each of some answers: all after the same request, which is made as short as the longest needs.
    ///
    /// - `answers`: nil where the dialogue has it.
    /// - Returns: where they cannot be made to fit, their beginnings, of which nothing is learned; and how many tokens did
    ///   not fit.
    func rows(of example: Example, answered answers: [String?]) -> (rows: [Row], cut: Int) {
        var request = Request(example)
        var fitting = Fitting(answers.map { encoded(request, $0) })
        let whole = fitting.length
        while fitting.length > maxLength, let shorter = request.shorter(answers) {
            request = shorter
            fitting = Fitting(answers.map { encoded(request, $0) })
        }
        if request.turns.isEmpty { fitting = withoutEnd(of: request, answers, fitting) }
        guard fitting.length <= maxLength else {
            let beginnings = fitting.found.enumerated().map { role, found in
                let ids = Array(found.ids.prefix(maxLength))
                return Row(ids: ids, learned: ids.map { _ in false }, role: role)
            }
            return (beginnings, whole - maxLength)
        }
        let rows = fitting.found.enumerated().map { Row(ids: $1.ids, learned: $1.learned, role: $0) }
        return (rows, whole - fitting.length)
    }

    // MARK: - What is read

    /// An example without its answer, shortened or not.
    private struct Request {
        var text: String
        let instruction: String?
        var turns: [Turn]

        init(_ example: Example) {
            (text, instruction, turns) = (example.text, example.instruction, example.turns)
        }

        /// The same without its oldest turns, a system turn aside; nil where nothing would be answered any more.
        func shorter(_ answers: [String?]) -> Request? {
            let first = turns.first?.role == .system ? 1 : 0
            guard let next = turns.indices.first(where: { $0 > first && turns[$0].role == .user }) else {
                return nil
            }
            var other = self
            other.turns.removeSubrange(first..<next)
            let isAnswered = !answers.contains(nil) || other.turns.contains { $0.role == .assistant }
            return isAnswered ? other : nil
        }
    }

    private typealias Encoded = (ids: [Int32], learned: [Bool])

    private struct Fitting {
        let found: [Encoded]

        init(_ found: [Encoded]) { self.found = found }

        /// Tokens of the longest.
        var length: Int { found.map(\.ids.count).max() ?? 0 }
    }

    private func encoded(_ request: Request, _ answer: String?) -> Encoded {
        let turns = turns(request, answer)
        return segments.encode(
            rendered(request, turns, answer), after: shots, isLearned: isLearned(turns))
    }

    private func turns(_ request: Request, _ answer: String?) -> [Turn] {
        let asked =
            request.turns.isEmpty
            ? [Turn(.user, PromptTemplate.request(request.instruction ?? instruction, request.text))]
            : request.turns
        return asked + (answer.map { [Turn(.assistant, $0)] } ?? [])
    }

    private func rendered(_ request: Request, _ turns: [Turn], _ answer: String?) -> [TextSegment] {
        switch template.form {
        case .dialogue(let render): return render(shots.flatMap(\.turns) + turns, false)
        case .pattern(let pattern, let withoutInput):
            let (instruction, input) = asked(request)
            let own = (input.isEmpty ? withoutInput : pattern).segments(
                instruction: instruction, input: input, answer: answer ?? "")
            return template.segments(of: shots) + own.map { $0.later(by: 2 * shots.count) }
        case .ofModel: preconditionFailure("a model's own template that nobody has looked for")
        }
    }

    /// A text that nothing is asked about asks itself.
    private func asked(_ request: Request) -> (instruction: String, input: String) {
        (request.instruction ?? instruction).map { ($0, request.text) } ?? (request.text, "")
    }

    private func isLearned(_ turns: [Turn]) -> (TextSegment) -> Bool {
        let first = 2 * shots.count
        guard learned != .all else { return { $0.turn >= first } }
        guard case .dialogue = template.form else { return { $0.isSaid && $0.turn >= first } }
        let said = turns.indices.filter { turns[$0].role == .assistant }.map { first + $0 }
        let places = Set(learned == .last ? said.suffix(1) : said[...])
        return { $0.isSaid && places.contains($0.turn) }
    }

    /// With as much of the text as fits, if anything does.
    private func withoutEnd(of whole: Request, _ answers: [String?], _ before: Fitting) -> Fitting {
        guard before.length > maxLength else { return before }
        let tokens = segments.words(whole.text)
        var (request, fitting, kept) = (whole, before, tokens.count)
        while fitting.length > maxLength, kept > 0 {
            kept -= min(kept, fitting.length - maxLength)
            request.text =
                kept == 0
                ? ""
                : segments.tokenizer.decode(
                    Array(segments.tokenizer.cut(tokens, to: kept)), skippingSpecialTokens: false)
            fitting = Fitting(answers.map { encoded(request, $0) })
        }
        return fitting
    }
}
