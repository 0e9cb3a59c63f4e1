import Datasets
import Learning
import Tokenizers

/// Segments of a template as tokens, each of which is learned or read.
struct SegmentEncoder: Sendable {
    let tokenizer: any Tokenizer
    /// Whether the tokenizer's own tokens before a text begin each sequence: a template of dialogues says itself what does.
    let addsBeginning: Bool

    /// - `isLearned`: of each segment; segments next to each other that are alike are encoded as one text, so that no token
    ///   is both learned and read.
    func encode(
        _ segments: [TextSegment], isLearned: (TextSegment) -> Bool
    ) -> (ids: [Int32], learned: [Bool]) {
        var runs: [(pieces: [TextPiece], isLearned: Bool)] = []
        for segment in segments {
            guard let piece = piece(segment.content) else { continue }
            let isLearned = isLearned(segment)
            if runs.last?.isLearned == isLearned {
                runs[runs.count - 1].pieces.append(piece)
            } else {
                runs.append(([piece], isLearned))
            }
        }
        var ids = addsBeginning ? tokenizer.template.around.before : []
        var learned = ids.map { _ in false }
        for (found, run) in zip(tokenizer.encode(runs: runs.map(\.pieces)), runs) {
            ids += found
            learned += found.map { _ in run.isLearned }
        }
        return (ids, learned)
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
