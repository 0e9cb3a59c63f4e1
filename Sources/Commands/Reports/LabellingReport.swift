import Datasets
import Diagnostics
import Display
import JSON
import Training

/// What a language model's labels are worth: how many there are of each class, how many texts it said nothing clear of,
/// and how often it agrees with what was known.
struct LabellingReport: Displayable {
    private let labelling: Labelling
    private let dataset: Dataset
    private let name: String
    private let prompt: String
    /// Where the labels were written.
    private let path: String?
    /// Answers that tell nothing, which are shown.
    private static let shownAnswers = 3

    init(_ labelling: Labelling, of dataset: Dataset, by name: String, prompt: String, to path: String?) {
        (self.labelling, self.dataset, self.name) = (labelling, dataset, name)
        (self.prompt, self.path) = (prompt, path)
    }

    private var labels: [String] { labelling.labels }
    private var agreement: ConfusionMatrix { labelling.agreement }
    private var unclear: [String] {
        labelling.parts.flatMap { part in
            zip(part.answers, part.named).filter { $1.label == nil }.map(\.0)
        }
    }
    private var without: Int { labelling.count { $0 == .none } }
    private var several: Int { labelling.count { $0 == .several } }

    private var dropped: String? {
        let why = [(without, "no class"), (several, "several")].filter { $0.0 > 0 }
            .map { "\($0.0.grouped) named \($0.1)" }
        return why.isEmpty ? nil : "dropped, since the answer tells no class: \(why.joined(separator: ", "))"
    }

    /// Of the data from then on.
    var remark: String {
        let parts = labelling.parts.map(\.split.rawValue).joined(separator: " and ")
        return "classes of \(parts) are \(name)'s, for \(labelling.labelled.grouped) of "
            + "\(counted(labelling.asked, "text")); the others are gone"
    }

    /// What is said where no text got a class.
    func nothing(at span: SourceSpan) -> Diagnostic {
        let first = unclear.first.map { ": its first answer is “\($0.onOneLine.clipped(to: 60))”" } ?? ""
        return Diagnostic(
            "no-labels", "none of \(name)'s \(labelling.asked.grouped) answers names one class\(first)",
            at: span,
            hint:
                "write instruction= that asks for one of \(labels.prefix(5).joined(separator: ", ")), or another prompt="
        )
    }

    var value: JSON {
        var value: JSONObject = [
            "asked": .integer(labelling.asked), "labelled": .integer(labelling.labelled),
            "named_none": .integer(without), "named_several": .integer(several),
            "labels": .array(labels.map(JSON.string)),
            "counts": .array(labelling.counts.map(JSON.integer)), "with": .string(name),
            "prompt": .string(prompt),
        ]
        value["to"] = path.map(JSON.string)
        guard agreement.total > 0 else { return .object(value) }
        let interval = agreement.accuracyInterval
        value["agreement"] = .number(agreement.accuracy)
        value["interval"] = [.number(interval.lowerBound), .number(interval.upperBound)]
        value["balanced_agreement"] = .number(agreement.balancedAccuracy)
        value["matthews"] = .number(agreement.matthews)
        value["matrix"] = .array(agreement.counts.map { .array($0.map(JSON.integer)) })
        return .object(value)
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var table: Table {
        var columns: [Table.Column] = ["class", .number("texts", .automatic)]
        let isKnown = agreement.total > 0
        if isKnown {
            columns += [
                .number("known before", .automatic), .number("of these right", .percent(1)),
                .number("found of known", .percent(1)),
            ]
        }
        var table = Table(columns: columns, caption: "\(dataset.name), labelled by \(name)", notes: notes)
        table.warnings = warnings
        for label in labels.indices {
            var row: [Table.Cell] = [.text(labels[label]), .integer(labelling.counts[label])]
            if isKnown {
                row += [
                    .integer(agreement.support(label)), .number(agreement.precision(label)),
                    .number(agreement.recall(label)),
                ]
            }
            table.add(row)
        }
        return table
    }

    private var notes: [String] {
        var notes = ["\(labelling.labelled.grouped) of \(counted(labelling.asked, "text")) got a class"]
        if let dropped {
            let shown = unclear.prefix(Self.shownAnswers)
                .map { "“\($0.onOneLine.clipped(to: 40))”" }.joined(separator: ", ")
            notes.append("\(dropped) (\(shown))")
        }
        if agreement.total > 0 {
            let interval = agreement.accuracyInterval
            let percent = NumberStyle.percent(1)
            notes.append(
                "agrees with what was known on \(percent.text(agreement.accuracy)) of \(counted(agreement.total, "text")) "
                    + "(95%: \(percent.text(interval.lowerBound)) to \(percent.text(interval.upperBound)); always the "
                    + "commonest class: \(percent.text(agreement.majorityBaseline))); that class is the column "
                    + "\(Labelling.column) now")
        }
        notes.append("asked by the prompt \(prompt)")
        if let path { notes.append("\(counted(labelling.labelled)) written to \(path.forMessages)") }
        return notes
    }

    private var warnings: [String] {
        let given = labelling.counts.indices.filter { labelling.counts[$0] > 0 }
        guard given.count == 1 else { return [] }
        return ["every text got \(labels[given[0]].forMessages): nothing can be learned from that"]
    }

    /// The labelled texts: text (and pair), label, gold, answer.
    var csv: String {
        let pair = dataset.pairColumn
        let head = ["text"] + (pair == nil ? [] : ["pair"]) + ["label", Labelling.column, "answer", "split"]
        let rows = labelling.parts.flatMap { part in
            zip(dataset[part.split], zip(part.answers, part.named)).compactMap { example, said -> [String]? in
                guard let label = said.1.label else { return nil }
                let known = example.label.map { labels[$0] } ?? ""
                return [example.text] + (pair == nil ? [] : [example.pair ?? ""])
                    + [labels[label], known, said.0, part.split.rawValue]
            }
        }
        return ([head] + rows).map { DisplayFile.row($0) + "\n" }.joined()
    }
}
