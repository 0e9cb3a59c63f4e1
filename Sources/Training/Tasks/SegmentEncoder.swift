import Datasets
import Learning
import Tokenizers

/// Segments of a template as tokens, each of which is learned or read.
struct SegmentEncoder: Sendable {
    let tokenizer: any Tokenizer
    /// Whether the tokenizer's own tokens before a text begin each sequence: a template of dialogues says itself what does.
    let addsBeginning: Bool

    init(_ template: PromptTemplate, tokenizer: any Tokenizer) {
        self.tokenizer = tokenizer
        addsBeginning = if case .pattern = template.form { true } else { false }
    }

    /// Segments that are encoded as one text.
    private struct Run {
        var pieces: [TextPiece]
        let isLearned: Bool
        /// Whether it is an answer that is shown.
        let isShown: Bool
    }

    /// - `shots`: the examples that the segments begin with, whose answers are encoded apart as if they were learned.
    /// - `isLearned`: of each segment; segments next to each other that are alike are encoded as one text, so that no token
    ///   is both learned and read.
    func encode(
        _ segments: [TextSegment], after shots: [Shot] = [], isLearned: (TextSegment) -> Bool
    ) -> (ids: [Int32], learned: [Bool]) {
        var runs: [Run] = []
        for segment in segments {
            guard let piece = piece(segment.content) else { continue }
            let (isLearned, isShown) = (isLearned(segment), segment.isAnswer(of: shots.count))
            if let last = runs.last, last.isLearned == isLearned, last.isShown == isShown {
                runs[runs.count - 1].pieces.append(piece)
            } else {
                runs.append(Run(pieces: [piece], isLearned: isLearned, isShown: isShown))
            }
        }
        var ids = addsBeginning ? tokenizer.template.around.before : []
        var learned = ids.map { _ in false }
        var answers = shots[...]
        for (found, run) in zip(tokenizer.encode(runs: runs.map(\.pieces)), runs) {
            let tokens = run.isShown ? answers.popFirst()?.tokens ?? found : found
            ids += tokens
            learned += tokens.map { _ in run.isLearned }
        }
        return (ids, learned)
    }

    /// Tokens that examples take before what is asked.
    func tokenCount(of shots: [Shot], in template: PromptTemplate) -> Int {
        func count(_ shots: [Shot]) -> Int {
            let asked = template.prompt(instruction: "x", input: "x", after: shots)
            return encode(asked, after: shots) { _ in false }.ids.count
        }
        return count(shots) - count([])
    }

    private func piece(_ content: TextSegment.Content) -> TextPiece? {
        switch content {
        case .markup(let text): text.isEmpty ? nil : .markup(text)
        case .words(let text): text.isEmpty ? nil : .words(text)
        case .begin: tokenizer.special.bos.map(TextPiece.token)
        case .end: tokenizer.special.eos.map(TextPiece.token)
        }
    }

    /// A text's own tokens, of which none is special.
    func words(_ text: String) -> [Int32] { tokenizer.encode(runs: [[.words(text)]])[0] }
}

extension Row {
    /// A row in which every learned token is foretold by the one before it.
    init(ids: [Int32], learned: [Bool], role: Int = 0) {
        let places = ids.indices.dropFirst().filter { learned[$0] }
        self.init(
            ids: ids, identity: Row.identity(of: ids, role: role),
            learned: places.map { Learned(place: $0 - 1, .label(Int(ids[$0]))) }, promptCount: places.first)
    }
}
