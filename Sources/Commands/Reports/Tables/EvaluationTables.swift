import Diagnostics
import Display
import Training

extension SessionTable {
    static let classes = SessionTable(
        name: "classes", summary: "precision, recall and F1 of each class of the last evaluation"
    ) { engine, _ in
        let result = try engine.requiredEvaluation(to: "show")
        try result.requireClasses(for: "table classes")
        var table = Table.classes(of: result.matrix)
        table.caption = result.title
        return table
    }

    static let confusion = SessionTable(
        name: "confusion", summary: "true classes in rows, answered ones in columns"
    ) { engine, _ in
        let result = try engine.requiredEvaluation(to: "show")
        try result.requireClasses(for: "table confusion")
        var table = Table(
            columns: ["true"] + result.matrix.labels.map { .number($0, .automatic) },
            caption: "\(result.title): answered classes in columns")
        for (label, counts) in zip(result.matrix.labels, result.matrix.counts) {
            table.add([.text(label)] + counts.map { .integer($0) })
        }
        return table
    }
}

extension EvaluationResult {
    /// - Throws: `no-classes` where answers are none.
    func requireClasses(for what: String) throws {
        guard metrics.matrix == nil else { return }
        throw Diagnostic(
            "no-classes", "\(what) tells classes apart, and the answers on \(title.forMessages) are none")
    }
}

extension Table {
    /// Precision, recall and F1 of each class and their mean; a figure that divides by nothing is left out.
    ///
    /// - `limit`: how many classes have a row of their own, the largest ones.
    static func classes(of matrix: ConfusionMatrix, shown limit: Int = .max) -> Table {
        let style = NumberStyle.share(of: matrix.total)
        var table = Table(
            columns: [
                Table.Column("class", widthLimit: 34), .number("precision", style), .number("recall", style),
                .number("F1", style), .number("texts", .automatic),
            ])
        let labels = matrix.labels.indices
        let shown =
            labels.count > limit
            ? labels.sorted { (matrix.support($1), $0) < (matrix.support($0), $1) }.prefix(limit).sorted()
            : Array(labels)
        for label in shown {
            let (support, predicted) = (matrix.support(label), matrix.predicted(label))
            table.add([
                .text(matrix.labels[label]), predicted > 0 ? .number(matrix.precision(label)) : .absent,
                support > 0 ? .number(matrix.recall(label)) : .absent,
                support + predicted > 0 ? .number(matrix.f1(label)) : .absent, .integer(support),
            ])
        }
        table.summary = table.rows.count
        table.add([
            "macro", .number(matrix.macroPrecision), .number(matrix.macroRecall), .number(matrix.macroF1),
            .integer(matrix.total),
        ])
        if labels.count > limit {
            table.notes = ["the \(limit) largest of \(labels.count.grouped) classes; table classes shows all"]
        }
        return table
    }
}
