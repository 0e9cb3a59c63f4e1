import Compute
import Learning
import Models

/// How hidden states become the outputs that a loss compares and a judge reads, one row a learned place.
package enum Readout: Sendable {
    /// The vocabulary's logits at the learned places.
    case vocabulary
    /// The same of an encoder that fills masks in: by a head of the task's own, or the model's where there is none.
    case masks(MaskedHead?)
    /// A head's outputs, one row for each row of tokens.
    case head(ClassificationHead)

    /// What it trains besides the method's parameters.
    package var parameters: [Parameter] {
        switch self {
        case .vocabulary: []
        case .masks(let head): head?.parameters ?? []
        case .head(let head): head.parameters
        }
    }

    /// The model's own parameters that no loss reaches through it.
    package func unread(of model: any LanguageModel) -> [Parameter] {
        switch self {
        case .vocabulary: []
        case .masks: model.store.parameters.filter { model.part(of: $0.name) == .pooler }
        case .head(let head): head.unread(of: model)
        }
    }

    /// The first token of a row whose hidden state is read.
    package func firstRead(of row: Row) -> Int {
        switch self {
        case .vocabulary, .masks: row.learned.first?.place ?? row.ids.count
        case .head(let head): head.pooling == .last ? row.ids.count - 1 : 0
        }
    }

    /// Whether outputs are the vocabulary's logits, one row a learned place.
    package var isOfVocabulary: Bool { if case .head = self { false } else { true } }

    /// The vocabulary's logits of some places' last hidden states: (places, vocabulary).
    package func logits(_ h: Tensor, model: any LanguageModel, _ pass: Pass) throws -> Tensor {
        guard case .masks(let head?) = self else { return try model.vocabularyLogits(h, pass) }
        return try head.logits(h, pass)
    }

    /// - `h`: the rows' last hidden states (tokens, width).
    package func outputs(
        _ h: Tensor, _ rows: [Row], model: any LanguageModel, _ pass: Pass
    ) throws -> Tensor {
        if case .head(let head) = self { return try head.logits(h, pass) }
        let places = rows.enumerated().flatMap { index, row in
            row.learned.map { pass.layout.row(of: $0.place, in: index) }
        }
        return try logits(pass.gather(h, rows: places), model: model, pass)
    }
}
