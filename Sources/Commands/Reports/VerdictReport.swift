import Datasets
import Diagnostics
import Display
import JSON
import Training

/// Two models' answers held against each other: which is better where both orders say so, and how often they do.
struct VerdictReport: Displayable {
    private let verdicts: [Verdicts]
    /// How much the second is preferred, by judge; nil where nothing was judged.
    private let preferences: [Metrics.Figure?]
    private let names: [String]
    private let place: String
    private let said: [String]

    /// - Throws: `Interrupted`.
    init(
        _ verdicts: [Verdicts], of names: [String], place: String, notes: [String], seed: UInt64,
        interruption: Interruption
    ) throws {
        (self.verdicts, self.names, self.place, said) = (verdicts, names, place, notes)
        preferences = try verdicts.map { try $0.preference(seed: seed, interruption: interruption) }
    }

    var value: JSON {
        let judges = zip(verdicts, preferences).map { verdicts, preference -> JSON in
            var value: JSONObject = [
                "judge": .string(verdicts.judge), "judged": .integer(verdicts.judged),
                "dropped": .integer(verdicts.dropped), "first_better": .integer(verdicts.count(.first)),
                "second_better": .integer(verdicts.count(.second)), "even": .integer(verdicts.count(.even)),
                "undecided": .integer(verdicts.count(.undecided)),
            ]
            let shares = [verdicts.agreement, verdicts.secondWins, verdicts.firstPlace].filter {
                $0.interval != nil
            }
            for figure in shares + [preference].compactMap(\.self) {
                value[figure.name] = .number(figure.value)
                value["\(figure.name)_interval"] = figure.interval.map {
                    [.number($0.lowerBound), .number($0.upperBound)]
                }
            }
            return .object(value)
        }
        var value: JSONObject = ["of": .array(names.map(JSON.string)), "judges": .array(judges)]
        if verdicts.count == 2 {
            let same = verdicts[0].same(as: verdicts[1])
            (value["same_verdict"], value["judged_by_both"]) = (.integer(same.count), .integer(same.of))
        }
        return .object(value)
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    /// A row a figure, and a column a judge with one for its intervals.
    private var table: Table {
        let several = verdicts.count > 1
        var columns: [Table.Column] = [""]
        for verdicts in verdicts {
            let name = several ? verdicts.judge.onOneLine.clipped(to: 20) : "answers"
            columns.append(Table.Column(name, key: verdicts.judge, alignment: .trailing))
            columns.append(Table.Column("95%", key: "\(verdicts.judge) interval", alignment: .trailing))
        }
        var table = Table(
            columns: columns,
            caption: (["\(names[0]) and \(names[1]), in both orders"]
                + (several ? [] : verdicts.map { "judged by \($0.judge)" }) + [place]).joined(
                    separator: " · "
                )
                .onOneLine, notes: notes)
        table.warnings = warnings
        table.add(row("\(names[0]) is better") { .integer($0.count(.first)) })
        table.add(row("\(names[1]) is better") { .integer($0.count(.second)) })
        table.add(row("neither is") { .integer($0.count(.even)) })
        table.add(row("the orders disagree") { .integer($0.count(.undecided)) })
        if verdicts.contains(where: { $0.dropped > 0 }) {
            table.add(row("dropped: no reply that could be read") { .integer($0.dropped) })
        }
        table.add(shares("both orders agree", \.agreement))
        table.add(shares("\(names[1]), of verdicts that name one", \.secondWins))
        table.add(shares("what stood first was preferred", \.firstPlace))
        table.add(
            [.text("preference for \(names[1]), 0 to 100")]
                + preferences.flatMap { figure -> [Table.Cell] in
                    guard let figure else { return [.absent, ""] }
                    return [
                        .styled(figure.value, .fixed(1)),
                        .text(figure.interval.map { NumberStyle.fixed(1).range($0) } ?? ""),
                    ]
                })
        return table
    }

    private func row(_ title: String, _ cell: (Verdicts) -> Table.Cell) -> [Table.Cell] {
        [.text(title)] + verdicts.flatMap { [cell($0), .empty] }
    }

    private func shares(_ title: String, _ figure: (Verdicts) -> Metrics.Figure) -> [Table.Cell] {
        [.text(title)]
            + verdicts.flatMap { verdicts -> [Table.Cell] in
                let figure = figure(verdicts)
                guard let interval = figure.interval else { return [.absent, ""] }
                return [.styled(figure.value, .percent(0)), .text(NumberStyle.percent(0).range(interval))]
            }
    }

    private var warnings: [String] {
        verdicts.compactMap { verdicts in
            guard verdicts.judged > 0 else { return "\(verdicts.judge) gave no reply that could be read" }
            let decided = verdicts.count(.first) + verdicts.count(.second)
            return decided == 0
                ? "\(verdicts.judge) finds neither better in both orders: its verdicts are of the place, or there is no difference"
                : nil
        }
    }

    private var notes: [String] {
        var notes = said
        if verdicts.count == 2 {
            let same = verdicts[0].same(as: verdicts[1])
            notes.append(
                "the two judges have one verdict on \(same.count.grouped) of \(counted(same.of, "request"))")
        }
        return notes + ["95%: of shares Wilson's, of the preference a bootstrap over the requests"]
    }
}
