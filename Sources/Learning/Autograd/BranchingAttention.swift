import Compute

extension Pass {
    /// For each sequence that goes on from another of this pass, the same run behind all that that one sees and is.
    ///
    /// - `k`, `v`: as `attention` has them; nothing is tracked.
    func branches(of run: AttentionRun, k: Columns, v: Columns) -> [Int: AttentionRun] {
        guard let parents = layout.parents else { return [:] }
        precondition(
            run.shape.isCausal && !isTraining,
            "sequences that go on from others are neither learned nor look ahead")
        var prefixes: [Int: AttentionRun.Prefix] = [:]
        var branches: [Int: AttentionRun] = [:]
        for case (let sequence, let parent?) in parents.enumerated() {
            let prefix =
                prefixes[parent]
                ?? run.prefix(followedBy: layout.rows(of: parent), of: k, v)
            prefixes[parent] = prefix
            branches[sequence] = run.behind(prefix)
        }
        return branches
    }
}

extension AttentionRun {
    /// What every sequence sees first, and behind it the rows of one of them.
    fileprivate func prefix(followedBy rows: Range<Int>, of k: Columns, _ v: Columns) -> Prefix {
        let columns = shape.keyValueHeads * shape.headWidth
        let first = prefix?.length ?? 0
        let (keys, values) = (
            k.dense(columns, rows: rows, after: first), v.dense(columns, rows: rows, after: first)
        )
        if let prefix {
            keys.pointer.update(from: prefix.keys.pointer, count: first * columns)
            values.pointer.update(from: prefix.values.pointer, count: first * columns)
        }
        return Prefix(keys: keys, values: values, length: first + rows.count)
    }

    fileprivate func behind(_ prefix: Prefix) -> AttentionRun {
        AttentionRun(
            shape: shape, q: q, k: k, v: v, out: out, logSums: logSums, rows: self.rows, prefix: prefix,
            dropping: nil)
    }
}
