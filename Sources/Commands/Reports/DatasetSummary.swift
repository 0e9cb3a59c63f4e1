import Datasets
import Diagnostics
import Display
import JSON
import Training

/// A data set as a table: how many of each class in each part, how long.
struct DatasetSummary {
    private let data: LoadedData
    private let model: LoadedModel?
    /// Whether words (and tokens, with a model) are counted too.
    var showsLengths = false

    /// More classes are left to `table classes`.
    private static let shownClasses = 10

    /// nil without data.
    init?(of engine: EngineState) {
        guard let data = engine.data else { return nil }
        self.data = data
        model = engine.model
    }

    private var dataset: Dataset { data.dataset }
    private var parts: [Split] { Split.allCases.filter { !dataset[$0].isEmpty } }

    var table: any Displayable {
        let classes = dataset.labels.prefix(Self.shownClasses)
        var columns: [Table.Column] = ["part", .number("examples", .automatic)]
        columns += classes.map { .number($0, .automatic) }
        if showsLengths {
            columns += [.number("words, median", .automatic), .number("words, 95%", .automatic)]
            if model != nil {
                columns += [.number("tokens, median", .automatic), .number("tokens, 95%", .automatic)]
            }
        }
        var table = Table(
            columns: columns, caption: caption, notes: notes, warnings: warnings,
            origins: ["source: \(dataset.source)"])
        for part in parts {
            var row: [Table.Cell] = [.text(part.rawValue), .integer(dataset[part].count)]
            row += dataset.counts(in: part).prefix(Self.shownClasses).map { .integer($0) }
            if showsLengths { row += lengths(of: part).map { .integer($0) } }
            table.add(row)
        }
        return Valued(table, value: json)
    }

    private var caption: String { dataset.name.isEmpty ? dataset.source : dataset.name }

    private var notes: [String] {
        var notes: [String] = []
        let roles = [
            ("text", dataset.textColumn), ("pair", dataset.pairColumn), ("label", dataset.labelColumn),
        ]
        notes.append(
            "columns: "
                + roles.compactMap { role, column in column.map { role == $0 ? role : "\(role) is \($0)" } }
                .joined(separator: ", "))
        if !dataset.unusedColumns.isEmpty {
            let shown = dataset.unusedColumns.prefix(8).map { $0.clipped(to: 40) }.joined(separator: ", ")
            let more = dataset.unusedColumns.count - 8
            notes.append("not used: \(shown)\(more > 0 ? " and \(more) more" : "")")
        }
        if dataset.labels.count > Self.shownClasses {
            notes.append("\(dataset.labels.count.grouped) classes in all")
        }
        if let template = data.template { notes.append("prompt: \(template.name)") }
        return notes + dataset.remarks.filter { !$0.isWarning }.map(\.text)
    }

    private var warnings: [String] {
        var missing: [String] = []
        if dataset.labels.isEmpty, !dataset.classColumns.isEmpty, data.template == nil {
            let names = dataset.classColumns.prefix(5).map { $0.clipped(to: 40) }.joined(separator: ", ")
            missing = ["no column was taken for classes: label= names one (\(names))"]
        }
        return missing + dataset.remarks.filter(\.isWarning).map(\.text)
    }

    private func lengths(of part: Split) -> [Int] {
        let words = dataset[part].map { $0.text.split(whereSeparator: \.isWhitespace).count }
        var figures = [quantile(words, 0.5), quantile(words, 0.95)]
        if let tokenizer = model?.tokenizer {
            let tokens = dataset[part].prefix(2000).map { example in
                example.pair.map { tokenizer.encode(example.text, $0).ids.count }
                    ?? tokenizer.encode(example.text, addingSpecialTokens: true).count
            }
            figures += [quantile(tokens, 0.5), quantile(tokens, 0.95)]
        }
        return figures
    }

    private func quantile(_ values: [Int], _ share: Double) -> Int {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    private var json: JSON {
        let counts = Split.allCases.map { part -> (String, JSON) in
            let classes = zip(dataset.labels, dataset.counts(in: part)).map { ($0, JSON.integer($1)) }
            return (
                part.rawValue,
                ["examples": .integer(dataset[part].count), "classes": .object(JSONObject(classes))]
            )
        }
        var object: JSONObject = [
            "name": .string(dataset.name), "source": .string(dataset.source),
            "labels": .array(dataset.labels.map(JSON.string)),
            "columns": .array(dataset.columns.map(JSON.string)),
        ]
        for (key, value) in counts { object[key] = value }
        object["notes"] = .array(dataset.notes.map(JSON.string))
        return .object(object)
    }
}
