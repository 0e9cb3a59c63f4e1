import Display
import Training

/// The table of epochs as a document and a terminal have it.
extension EpochTable {
    /// A column, and what it has for each line.
    private typealias Part = (column: Table.Column, cell: (Line) -> Table.Cell)

    /// - `mark`: the word for the best line.
    /// - `isNarrow`: whether it is for a terminal, where each further set has one column.
    func table(caption: String? = nil, mark: String = "best", isNarrow: Bool = false) -> Table {
        let others = others
        var parts: [Part] = [(.number("epoch", .ungrouped), { Self.epoch($0) })]
        if hasSteps { parts.append((.number("step", .ungrouped), { .integer($0.steps) })) }
        parts.append((.number("train loss", .loss), { Self.number($0.trainLoss) }))
        if hasValidation { parts += validation(hasInterval: others.isEmpty || !isNarrow) }
        for name in others {
            parts += isNarrow ? [inOne(name)] : inTwo(name)
        }
        if showsTimes, others.count < 2 || !isNarrow {
            parts.append((.number("time", .seconds), { Self.number($0.seconds) }))
        }
        let best = best
        let isTight = isNarrow && !others.isEmpty
        let remarks = lines.indices.map { index in
            let both = [index == best ? mark : "", lines[index].remark].filter { !$0.isEmpty }
            return isTight ? both.first ?? "" : both.joined(separator: ", ")
        }
        let isRemarked = remarks.contains { !$0.isEmpty }
        let remark = isRemarked ? [Table.Column("", key: "remark", alignment: .leading)] : []
        var table = Table(columns: parts.map(\.column) + remark, caption: caption)
        for (line, remark) in zip(lines, remarks) {
            table.add(parts.map { $0.cell(line) } + (isRemarked ? [.text(remark)] : []))
        }
        if isNarrow, !others.isEmpty {
            table.notes.append("\(others.joined(separator: ", ")): loss and \(figureName)")
        }
        return table
    }

    private func validation(hasInterval: Bool) -> [Part] {
        var parts: [Part] = [(.number("validation loss", .loss), { Self.number($0.validation?.loss) })]
        if let further {
            var column = Table.Column.number(further.title, further.style)
            column.isKept = true
            parts.append((column, { Self.number($0.validation.flatMap(further.value)) }))
        }
        parts.append(
            (
                Table.Column(figureName, alignment: .trailing),
                { $0.validation.map { .text($0.figureText) } ?? .absent }
            ))
        if hasInterval {
            parts.append(
                (
                    Table.Column("(95%)", key: "interval", alignment: .leading),
                    { .text($0.validation?.intervalText.map { "(\($0))" } ?? "") }
                ))
        }
        parts += moreFigures.map { name in
            (.number(name, Self.style(of: name)), { Self.number($0.figure(name)) })
        }
        return parts
    }

    private func inTwo(_ name: String) -> [Part] {
        [
            (.number("\(name) loss", .loss), { Self.number($0.result(on: name)?.loss) }),
            (
                Table.Column("\(name) \(figureName)", alignment: .trailing),
                { $0.result(on: name).map { .text($0.figureText) } ?? .absent }
            ),
        ]
    }

    /// `0.695 50%`
    private func inOne(_ name: String) -> Part {
        (
            Table.Column(name, alignment: .trailing, widthLimit: 14),
            { line in
                line.result(on: name).map { .text("\(NumberStyle.loss.text($0.loss)) \($0.figureText)") }
                    ?? .absent
            }
        )
    }

    private static func epoch(_ line: Line) -> Table.Cell {
        guard line.epoch != line.epoch.rounded() else { return .integer(Int(line.epoch)) }
        let epoch = Passes.rounded(line.epoch)
        return .styled(epoch, epoch < 0.01 ? .ungrouped : .fixed(2))
    }

    private static func number(_ number: Double?) -> Table.Cell { number.map { .number($0) } ?? .absent }
}
