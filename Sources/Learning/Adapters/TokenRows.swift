import Compute

/// The rows of some tokens in the place of the table's, as PEFT's `trainable_token_indices` has them: of tokens that
/// were added, for instance. The table's other rows stay as they are.
package final class TokenRows: TableHook {
    /// Each once, as they were named.
    package let ids: [Int32]
    /// (ids, width), begins as the table's.
    package let values: Parameter
    private let places: [Int32: Int]

    /// - `values`: one row for each id.
    package convenience init(path: String, ids: [Int32], width: Int, values: Buffer) {
        self.init(
            ids,
            Parameter(
                name: "\(path).token_adapter.trainable_tokens_delta", shape: [ids.count, width],
                buffer: values))
    }

    /// - `ids`: each below the table's rows, and once.
    package convenience init(path: String, ids: [Int32], of table: Parameter) {
        let width = table.columns
        let (values, scratch) = (Buffer(count: ids.count * width), Buffer(count: width))
        for (place, id) in ids.enumerated() {
            table.withRows(Int(id)..<Int(id) + 1, scratch: scratch) { row in
                (values.pointer + place * width).update(from: row, count: width)
            }
        }
        self.init(path: path, ids: ids, width: width, values: values)
    }

    private init(_ ids: [Int32], _ values: Parameter) {
        (self.ids, self.values) = (ids, values)
        places = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var parameters: [Parameter] { [values] }
    package func with(_ own: (Parameter) -> Parameter) -> TokenRows { TokenRows(ids, own(values)) }

    package func rows(_ tokens: [Int32], of table: Parameter, _ pass: Pass) -> Tensor {
        pass.replaceRows(
            of: pass.embed(tokens, table: table), by: values, at: tokens.map { places[$0] })
    }

    package func merged(_ table: Buffer) -> Buffer? {
        let (width, own) = (values.columns, values.dense())
        for (place, id) in ids.enumerated() {
            (table.pointer + Int(id) * width).update(from: own.pointer + place * width, count: width)
        }
        return table
    }

    package var tiedHead: (any LinearHook)? { TiedTokenRows(self) }
}

/// A head that is tied to a table, with the rows of some tokens in the place of the table's.
package final class TiedTokenRows: LinearHook {
    private let tokens: TokenRows

    init(_ tokens: TokenRows) { self.tokens = tokens }

    package var followsTable: Bool { true }
    package var parameters: [Parameter] { tokens.parameters }
    package func with(_ own: (Parameter) -> Parameter) -> TiedTokenRows { TiedTokenRows(tokens.with(own)) }

    package func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        pass.replaceColumns(
            of: try base.plain(x, pass), from: x, by: tokens.values, table: base.weight,
            at: tokens.ids.map { Int($0) })
    }

    package func merged(_ values: LinearValues) -> LinearValues? { nil }
    /// What a head gives is not kept.
    package func keptColumns(of base: Linear) -> Int { 0 }
}
