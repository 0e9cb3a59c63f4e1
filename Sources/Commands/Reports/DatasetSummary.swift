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
        if dataset.shape == .dialogues { columns.append(.number("turns", .automatic)) }
        if dataset.shape == .values {
            columns += ["mean", "lowest", "highest"].map { .number($0, .automatic) }
        }
        if showsLengths {
            columns += texts.flatMap { lengthColumns("words", of: $0) }
            if model != nil { columns += texts.flatMap { lengthColumns("tokens", of: $0) } }
        }
        var table = Table(
            columns: columns, caption: caption, notes: notes, warnings: warnings,
            origins: ["source: \(dataset.source)"])
        for part in parts {
            var row: [Table.Cell] = [.text(part.rawValue), .integer(dataset[part].count)]
            row += dataset.counts(in: part).prefix(Self.shownClasses).map { .integer($0) }
            if dataset.shape == .dialogues {
                row.append(.integer(dataset[part].reduce(0) { $0 + $1.turns.count }))
            }
            if dataset.shape == .values { row += values(of: part).map { .number($0) } }
            if showsLengths { row += lengths(of: part).map { .integer($0) } }
            table.add(row)
        }
        return Valued(table, value: json)
    }

    private var caption: String { dataset.name.isEmpty ? dataset.source : dataset.name }

    private var notes: [String] {
        var notes: [String] = []
        let columns = ColumnRole.allCases.compactMap { role in
            dataset.roles[role].map { $0 == role.rawValue ? $0 : "\(role.rawValue) is \($0)" }
        }
        notes.append("columns: " + columns.joined(separator: ", "))
        let isEncoder = model.map { !$0.model.isCausal } ?? (dataset.masking != nil)
        if let learned = dataset.whatIsLearned(byEncoder: isEncoder) { notes.append("learned: \(learned)") }
        if !dataset.unusedColumns.isEmpty {
            let shown = dataset.unusedColumns.prefix(8).map { $0.clipped(to: 40) }.joined(separator: ", ")
            let more = dataset.unusedColumns.count - 8
            notes.append("not used: \(shown)\(more > 0 ? " and \(more) more" : "")")
        }
        if dataset.labels.count > Self.shownClasses {
            notes.append("\(dataset.labels.count.grouped) classes in all")
        }
        if let template = data.template { notes.append("prompt: \(template.name)") }
        if data.scoring == .mean {
            notes.append("classes are scored by the mean of their words' log-probabilities")
        }
        return notes + dataset.remarks.filter { !$0.isWarning }.map(\.text)
    }

    private var warnings: [String] {
        var missing: [String] = []
        if dataset.shape == .classes, dataset.labels.isEmpty, !dataset.classColumns.isEmpty,
            data.template == nil
        {
            let names = dataset.classColumns.prefix(5).map { $0.clipped(to: 40) }.joined(separator: ", ")
            missing = ["no column was taken for classes: label= names one (\(names))"]
        }
        return missing + dataset.remarks.filter(\.isWarning).map(\.text)
    }

    /// The texts of an example, whose lengths are told apart.
    private var texts: [(name: String, of: @Sendable (Example) -> String)] {
        let read: @Sendable (Example) -> String = { example in
            [example.instruction, example.text].compactMap(\.self).joined(separator: "\n")
        }
        let written: [(name: String, of: @Sendable (Example) -> String)] = [
            ("answer", { $0.answer ?? "" }), ("rejected", { $0.rejected ?? "" }),
        ]
        return [("", read)]
            + written.filter { name, _ in ColumnRole(rawValue: name).map { dataset.roles[$0] != nil } ?? false
            }
    }

    private func lengthColumns(
        _ unit: String, of text: (name: String, of: @Sendable (Example) -> String)
    ) -> [Table.Column] {
        let name = text.name.isEmpty ? unit : "\(unit) of \(text.name)"
        return [.number("\(name), median", .automatic), .number("\(name), 95%", .automatic)]
    }

    private func lengths(of part: Split) -> [Int] {
        var figures = texts.flatMap { text in
            let words = dataset[part].map { text.of($0).split(whereSeparator: \.isWhitespace).count }
            return [quantile(words, 0.5), quantile(words, 0.95)]
        }
        guard let tokenizer = model?.tokenizer else { return figures }
        let between = model?.model.isCausal == true ? tokenizer.pairSeparator.count : 0
        for text in texts {
            let tokens = dataset[part].prefix(2000).map { example in
                guard text.name.isEmpty else {
                    return tokenizer.encode(text.of(example), addingSpecialTokens: false).count
                }
                return example.pair.map { tokenizer.encode(example.text, $0).ids.count + between }
                    ?? tokenizer.encode(text.of(example), addingSpecialTokens: true).count
            }
            figures += [quantile(tokens, 0.5), quantile(tokens, 0.95)]
        }
        return figures
    }

    /// Mean, lowest and highest number of a part.
    private func values(of part: Split) -> [Double] {
        let values = dataset[part].compactMap { $0.value.map(Double.init) }
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return [mean, values.min() ?? 0, values.max() ?? 0]
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
        if dataset.shape != .classes {
            object["learned"] = .string(dataset.shape.rawValue)
            let columns = ColumnRole.allCases.compactMap { role in
                dataset.roles[role].map { (role.rawValue, JSON.string($0)) }
            }
            object["roles"] = .object(JSONObject(columns))
        }
        for (key, value) in counts { object[key] = value }
        object["notes"] = .array(dataset.notes.map(JSON.string))
        return .object(object)
    }
}

extension Dataset {
    /// To be said; nil of classes, which are shown.
    fileprivate func whatIsLearned(byEncoder isEncoder: Bool) -> String? {
        switch shape {
        case .answers where learned == .all: "every word of requests and answers"
        case .dialogues where learned == .all: "every word of the dialogues"
        case .dialogues where learned == .last: "the last that the assistant says"
        case .classes: nil
        case .values: "a number"
        case .answers: "the answers, word by word"
        case .dialogues: "what the assistant says"
        case .preferences: "which of two answers is liked more"
        case .texts where isEncoder: "the texts themselves, \((masking ?? Masking()).summary)"
        case .texts: "the texts themselves, word by word"
        }
    }
}
