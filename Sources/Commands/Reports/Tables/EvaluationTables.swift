import Display

extension SessionTable {
    static let classes = SessionTable(
        name: "classes", summary: "precision, recall and F1 of each class of the last evaluation"
    ) { engine, _ in
        let result = try engine.requiredEvaluation(to: "show")
        let matrix = result.matrix
        var table = Table(
            columns: [
                "class", .number("precision", .fixed(3)), .number("recall", .fixed(3)),
                .number("F1", .fixed(3)),
                .number("examples", .automatic),
            ], caption: result.title)
        for index in matrix.labels.indices {
            table.add([
                .text(matrix.labels[index]), .number(matrix.precision(index)), .number(matrix.recall(index)),
                .number(matrix.f1(index)), .integer(matrix.support(index)),
            ])
        }
        table.add([
            "mean", .number(matrix.macroPrecision), .number(matrix.macroRecall), .number(matrix.macroF1),
            .integer(matrix.total),
        ])
        return table
    }

    static let confusion = SessionTable(
        name: "confusion", summary: "true classes in rows, predicted ones in columns"
    ) { engine, _ in
        let result = try engine.requiredEvaluation(to: "show")
        var table = Table(
            columns: ["true"] + result.matrix.labels.map { .number($0, .automatic) },
            caption: "\(result.title): predicted classes in columns")
        for (label, counts) in zip(result.matrix.labels, result.matrix.counts) {
            table.add([.text(label)] + counts.map { .integer($0) })
        }
        return table
    }
}
