import Datasets
import Diagnostics
import Display
import Training

extension Plot {
    static let confusion = Plot(name: "confusion", summary: "true classes against answered ones") {
        request -> any Displayable in
        try request.engine.requiredEvaluation(to: "plot").confusion
    }

    static let classes = Plot(name: "classes", summary: "examples of each class, the commonest first") {
        request -> any Displayable in
        let dataset = try request.engine.requiredData(for: "plot classes").dataset
        let parts = Split.allCases.map { dataset.counts(in: $0) }
        let counts = dataset.labels.indices.map { index in parts.reduce(0) { $0 + $1[index] } }
        let total = counts.reduce(0, +)
        let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        let share = { (count: Int) in
            NumberStyle.percent(total < 200 ? 0 : 1).text(total > 0 ? Double(count) / Double(total) : 0)
        }
        let most = order.first.map { " · the commonest is \(share(counts[$0]))" } ?? ""
        return BarChart(
            title: "Classes",
            subtitle: [
                "\(dataset.name) · \(NumberStyle.automatic.text(Double(total))) texts in \(counts.count) classes\(most)"
            ], names: "class", y: Axis("texts", isWhole: true),
            bars: order.map { index in
                BarChart.Bar(
                    dataset.labels[index], Double(counts[index]),
                    label: "\(NumberStyle.automatic.text(Double(counts[index]))) · \(share(counts[index]))")
            })
    }

    static let lengths = Plot(
        name: "lengths", summary: "how long the texts are, in tokens once there is a model"
    ) {
        request -> any Displayable in
        let engine = request.engine
        let dataset = try engine.requiredData(for: "plot lengths").dataset
        let texts = Split.allCases.flatMap { dataset[$0] }
        guard let model = engine.model else {
            return Histogram(
                title: "Lengths", subtitle: ["\(dataset.name) · all parts · a model's tokens need a model"],
                x: Axis("words", isWhole: true), counted: "texts",
                values: texts.map { Double($0.text.split(whereSeparator: \.isWhitespace).count) })
        }
        let task = try engine.readingTask(for: "plot lengths")
        let stride = max(1, texts.count / Self.counted)
        let read = try Swift.stride(from: 0, to: texts.count, by: stride).map { index in
            try task.encoder.encode(texts[index], nil)
        }
        let cut = read.count { $0.cut > 0 }
        let share = NumberStyle.percent(read.count < 200 ? 0 : 1).text(
            Double(cut) / Double(max(1, read.count)))
        let sample = stride > 1 ? " · one text of every \(stride)" : ""
        return Histogram(
            title: "Lengths",
            subtitle: [
                "\(dataset.name) · all parts\(sample) · \(cut.grouped) of \(read.count.grouped) texts (\(share)) lose their end"
            ], x: Axis("tokens of \(model.name)", isWhole: true), counted: "texts",
            values: read.map { Double($0.rows.map { $0.ids.count }.max() ?? 0) + Double($0.cut) },
            marks: [
                Histogram.Mark("max_length \(task.maxLength) · \(share) cut", at: Double(task.maxLength))
            ],
            limit: Double(task.maxLength) + 0.5)
    }

    /// Texts that are read for their lengths, at most about so many.
    private static let counted = 5000
}
