import Datasets
import Display

extension Plot {
    static let confusion = Plot(name: "confusion", summary: "true classes against answered ones") { engine in
        try engine.requiredEvaluation(to: "plot").confusion
    }

    static let classes = Plot(name: "classes", summary: "examples of each class") { engine in
        let dataset = try engine.requiredData(for: "plot classes").dataset
        let counts = Split.allCases.map { dataset.counts(in: $0) }
        return BarChart(
            title: "Classes of \(dataset.name)", names: "class", y: Axis("examples"),
            bars: dataset.labels.indices.map { index in
                BarChart.Bar(dataset.labels[index], Double(counts.reduce(0) { $0 + $1[index] }))
            })
    }

    static let lengths = Plot(name: "lengths", summary: "how many words the texts have") { engine in
        let dataset = try engine.requiredData(for: "plot lengths").dataset
        let words = Split.allCases.flatMap { dataset[$0] }.map { example in
            Double(example.text.split(whereSeparator: \.isWhitespace).count)
        }
        return Histogram(
            title: "Lengths of \(dataset.name)", x: Axis("words"), counted: "texts", values: words)
    }
}
