import Compute
import Learning
import Models

/// How hidden states become the outputs that a loss compares and a judge reads, one row a learned place.
package enum Readout: Sendable {
    /// The vocabulary's logits at the learned places.
    case vocabulary
    /// A head's outputs, one row for each row of tokens.
    case head(ClassificationHead)

    /// What it trains besides the method's parameters.
    package var parameters: [Parameter] {
        switch self {
        case .vocabulary: []
        case .head(let head): head.parameters
        }
    }

    /// The model's own parameters that no loss reaches through it.
    package func unread(of model: any LanguageModel) -> [Parameter] {
        switch self {
        case .vocabulary: []
        case .head(let head): head.unread(of: model)
        }
    }

    /// The first token of a row whose hidden state is read.
    package func firstRead(of row: Row) -> Int {
        switch self {
        case .vocabulary: row.learned.first?.place ?? row.ids.count
        case .head(let head): head.pooling == .last ? row.ids.count - 1 : 0
        }
    }

    /// - `h`: the rows' last hidden states (tokens, width).
    package func outputs(
        _ h: Tensor, _ rows: [Row], model: any LanguageModel, _ pass: Pass
    ) throws -> Tensor {
        switch self {
        case .vocabulary:
            let places = rows.enumerated().flatMap { index, row in
                row.learned.map { pass.layout.row(of: $0.place, in: index) }
            }
            return try model.vocabularyLogits(pass.gather(h, rows: places), pass)
        case .head(let head): return try head.logits(h, pass)
        }
    }
}
