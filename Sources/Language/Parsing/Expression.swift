import Diagnostics

/// A value as it was written: not yet typed, its variables not yet looked up.
package struct Expression: Sendable, Hashable {
    package indirect enum Kind: Sendable, Hashable {
        /// `16`, `imdb`, `'my file'`, `$name`, `data/$name.csv`
        case word([Piece])
        /// `a,b` or `(a b)`
        case list([Expression])
        /// `[50, 150, 500]`: one of these, in a block
        case alternatives([Expression])
        /// `1e-5..1e-2 log`: anything between, in a block
        case range(low: Double, high: Double, isLogarithmic: Bool)
    }

    package var kind: Kind
    package var span: SourceSpan
    /// The text as it stands in the cell.
    package var source: String

    /// What stands in round or square brackets, or between commas.
    var items: [Expression]? {
        switch kind {
        case .list(let items), .alternatives(let items): items
        case .word, .range: nil
        }
    }

    var hasVariable: Bool {
        switch kind {
        case .word(let pieces):
            pieces.contains { if case .variable = $0 { true } else { false } }
        case .list(let items), .alternatives(let items): items.contains(where: \.hasVariable)
        case .range: false
        }
    }
}
