import Compute
import Learning
import Models

extension LearningTask {
    /// From a share's last hidden states to its loss, and the whole way back.
    ///
    /// - `h`: (tokens, width); `loss`: nil for the task's own.
    /// - `scale`: weight of each loss, 1 / the weights of the whole batch.
    /// - `blockValues`: outputs that are in memory at once, at most, as far as the loss allows.
    /// - Result: the sum of the losses, unscaled.
    package func learn(
        _ h: Tensor, _ examples: [EncodedExample], by chosen: (any Loss)? = nil, model: any LanguageModel,
        scale: Float, _ pass: Pass, blockValues: Int = 8 << 20
    ) throws -> Double {
        let loss = chosen ?? loss
        let share = LearnedShare(examples, layout: pass.layout)
        guard !share.rows.isEmpty else { return 0 }
        var sum = 0.0
        guard readout.isOfVocabulary else {
            let outputs = try readout.outputs(h, examples.flatMap(\.rows), model: model, pass)
            let gradient = loss.gradient(of: outputs, share.places, scale: scale, addingTo: &sum)
            try pass.backward(from: outputs, gradient: gradient)
            return sum
        }
        // The gradient of a head's weight is one product over all rows: in parts it would have other bytes.
        let fitting = model.logitRows(within: blockValues)
        let isWhole =
            share.rows.count <= fitting || isLearnedAtOnce(model: model, under: pass.tuning)
        let recorded = pass.recordedCount
        for block in isWhole ? [share] : share.cut(into: fitting) {
            let logits = try pass.reading(block.rows) {
                try readout.logits(pass.gather(h, rows: block.rows), model: model, pass)
            }
            let gradient = loss.gradient(of: logits, block.places, scale: scale, addingTo: &sum)
            try pass.backward(from: logits, gradient: gradient, keeping: block.isLast ? 0 : recorded)
        }
        return sum
    }

    /// Whether all of a share's logits are in memory at once.
    package func isLearnedAtOnce(model: any LanguageModel, under tuning: Tuning?) -> Bool {
        !loss.isByPlace || !readout.parameters.isEmpty || model.trainsVocabulary(under: tuning)
    }
}

/// The learned places of a share's examples, or some of them.
private struct LearnedShare {
    /// Each place's row in the share's hidden states.
    var rows: [Int] = []
    /// By example.
    var places: [[Learned]] = []
    var isLast = true

    init(_ examples: [EncodedExample], layout: Layout) {
        var sequence = 0
        for example in examples {
            places.append(example.rows.flatMap(\.learned))
            for row in example.rows {
                rows += row.learned.map { layout.row(of: $0.place, in: sequence) }
                sequence += 1
            }
        }
    }

    private init(rows: [Int], places: [Learned], isLast: Bool) {
        (self.rows, self.places, self.isLast) = (rows, [places], isLast)
    }

    /// Nearly equal parts of at most `limit` places.
    func cut(into limit: Int) -> [LearnedShare] {
        let flat = places.flatMap(\.self)
        let count = (rows.count + limit - 1) / limit
        return (0..<count).map { part in
            let range = rows.count * part / count..<rows.count * (part + 1) / count
            return LearnedShare(
                rows: Array(rows[range]), places: Array(flat[range]), isLast: part == count - 1)
        }
    }
}

extension LanguageModel {
    /// Rows of logits that are in memory at once, where they come in blocks.
    package func logitRows(within values: Int = 8 << 20) -> Int { max(64, values / config.vocabulary) }

    /// Whether a tuning trains something between the last hidden states and the vocabulary's logits.
    fileprivate func trainsVocabulary(under tuning: Tuning?) -> Bool {
        tuning?.trainedParameters.contains {
            $0.name == tiedTable?.table || part(of: $0.name) == .languageHead
        } ?? false
    }
}
