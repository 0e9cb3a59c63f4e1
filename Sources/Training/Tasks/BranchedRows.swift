import Learning
import Models

/// Rows as the sequences of a pass: what the rows of an example begin with alike, such as a prompt with each of several
/// answers, stands there once, and each goes on from it.
///
/// Attention sums over the beginning and over the rest apart, so that scores differ in their last bits from those of rows
/// computed whole; the same example always gets the same.
struct BranchedRows {
    /// A beginning stands before those that go on from it, and nothing of it is read.
    private(set) var rows: [Row] = []
    /// For each row the place of its beginning; nil where it is whole, or one itself.
    private(set) var parents: [Int?] = []

    /// A shorter beginning than so many tokens is not worth it.
    private static let least = 8

    /// - `rows`: of one example.
    /// - `readout`: says from which token on it reads hidden states; those stay outside of a beginning.
    /// - `tuning`: under which they are read.
    init(_ rows: [Row], for readout: Readout, under tuning: Tuning?) {
        let shared =
            rows.count > 1
            ? CommonPrefix.sharedLength(rows, for: readout, ends: tuning?.endCount ?? 0) : 0
        guard shared >= Self.least else {
            (self.rows, parents) = (rows, rows.map { _ in nil })
            return
        }
        // Where its prompt ends is not where this beginning does.
        let beginning = Row(ids: Array(rows[0].ids[..<shared]), identity: 0, promptCount: rows[0].promptCount)
        self.rows = [beginning] + rows.map { $0.without(first: shared) }
        parents = [nil] + rows.map { _ in 0 }
    }

    /// Each row by itself.
    init(whole rows: [Row]) { (self.rows, parents) = (rows, rows.map { _ in nil }) }

    /// Those of several examples, in their order.
    init(joining parts: [BranchedRows]) {
        for part in parts {
            let first = rows.count
            parents += part.parents.map { parent in parent.map { first + $0 } }
            rows += part.rows
        }
    }

    var tokenCount: Int { rows.reduce(0) { $0 + $1.ids.count } }

    /// Rows of the tensors of a pass over them.
    ///
    /// - `leading`: rows that a tuning puts into each.
    func rowCount(with leading: Int) -> Int { tokenCount + rows.count * leading }
}

extension Row {
    /// The same without its first tokens, which are read elsewhere.
    func without(first count: Int) -> Row {
        guard count > 0 else { return self }
        var rest = self
        rest.ids.removeFirst(count)
        rest.promptCount -= count
        for index in rest.learned.indices { rest.learned[index].place -= count }
        return rest
    }
}

extension Layout {
    /// The rows end to end, with what a tuning puts into each, and those that go on from others where they do.
    ///
    /// - `common`: tokens of every one that an earlier pass has seen, with what the tuning puts before them.
    init(_ branched: BranchedRows, under tuning: Tuning?, after common: Int) {
        let (rows, parents) = (branched.rows, branched.parents)
        guard parents.contains(where: { $0 != nil }) else {
            self.init(rows, under: tuning, after: common)
            return
        }
        let leading = tuning?.leadingCount ?? 0
        precondition(leading == 0 || common > 0, "\(leading) rows before sequences that go on from others")
        self.init(
            branching: rows.map(\.ids.count), from: parents,
            offset: (tuning?.keyValueCount ?? 0) + (common > 0 ? leading + common : 0), before: common,
            prompts: zip(rows, parents).map { row, parent in
                row.promptCount + common + (parent.map { rows[$0].ids.count } ?? 0)
            })
    }
}
