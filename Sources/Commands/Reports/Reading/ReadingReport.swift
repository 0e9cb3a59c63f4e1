import Datasets
import Diagnostics
import Display
import Foundation
import JSON

/// Examples as a model reads them: `show prompt`, `show batch`.
struct ReadingReport: Displayable {
    let title: String
    /// What it is of, beside the title.
    let facts: [String]
    let rows: [ReadRow]
    let notes: [String]
    /// Tokens of a row that are shown, and lines of a piece of it in a terminal.
    let mostTokens: Int
    let mostLines: Int

    var value: JSON { .array(rows.map(\.json)) }

    func mimeBundle() -> MimeBundle {
        let table = table
        return MimeBundle(
            data: [
                MimeType.html: .string(html), MimeType.markdown: .string(table.markdown),
                MimeType.latex: .string(table.latex), MimeType.plain: .string(plain),
            ], sentences: notes.count)
    }

    private func heading(_ row: ReadRow) -> String {
        var facts = ["row \(row.number)", counted(row.readCount, "token")]
        if let answer = row.answer {
            facts.append("learned: \(answer.onOneLine.clipped(to: 40))")
        } else {
            facts.append("\(row.learnedCount.grouped) learned")
        }
        if row.cutCount > 0 { facts.append("\(row.cutCount.grouped) cut") }
        return facts.joined(separator: " · ")
    }

    private static let legend: [(state: ReadRow.State, words: String)] = [
        (.read, "read"), (.learned, "learned"), (.masked, "to be filled in: [MASK] is read"),
        (.swapped, "to be filled in: another word is read"), (.kept, "to be filled in: read as it is"),
        (.cut, "cut, since it does not fit"),
    ]

    private var states: Set<ReadRow.State> { Set(rows.flatMap { $0.tokens.map(\.state) }) }

    // MARK: - HTML

    private var html: String {
        let there = states
        let legend = Self.legend.filter { there.contains($0.state) }.map {
            Self.token($0.words, $0.state, isOdd: false, title: "")
        }.joined(separator: " &nbsp;")
        let rows = rows.map { row in
            "<div style=\"margin:8px 0 0 0\">\(Markup.note(heading(row)))\(tokens(row))</div>"
        }
        return Markup.frame(
            [
                Markup.heading(title, facts),
                "<div style=\"font-size:12px;margin:2px 0\">\(legend)</div>",
            ] + rows + notes.map(Markup.note), width: 920)
    }

    private func tokens(_ row: ReadRow) -> String {
        let shown = row.tokens.prefix(mostTokens).enumerated().map { place, token in
            Self.token(
                token.text.replacing("\n", with: "⏎\n"), token.state, isOdd: !place.isMultiple(of: 2),
                title: "place \(place), id \(token.id)"
                    + (token.reads.map { ", read as \($0.onOneLine)" } ?? ""))
        }
        let more = row.tokens.count - mostTokens
        return
            """
            <div style="white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px;line-height:1.8;\
            max-height:420px;overflow-y:auto">\(shown.joined())\
            \(more > 0 ? "<span style=\"opacity:0.72\"> … \(counted(more, "more token"))</span>" : "")</div>
            """
    }

    /// Learned is Palette's blue, and every second token a shade darker, so that one sees where they end.
    private static func token(_ text: String, _ state: ReadRow.State, isOdd: Bool, title: String) -> String {
        let style =
            switch state {
            case .read: "background:rgba(128,128,128,\(isOdd ? "0.20" : "0.10"))"
            case .learned, .masked:
                "background:rgba(26,128,196,\(isOdd ? "0.46" : "0.28"));box-shadow:inset 0 -2px 0 \(Palette.colour(0))"
            case .swapped:
                "background:rgba(213,94,0,\(isOdd ? "0.40" : "0.26"));box-shadow:inset 0 -2px 0 \(Palette.colour(1))"
            case .kept: "background:rgba(128,128,128,0.14);box-shadow:inset 0 -2px 0 \(Palette.colour(0))"
            case .cut: "text-decoration:line-through;opacity:0.6"
            }
        let tip = title.isEmpty ? "" : " title=\"\(title.htmlEscaped)\""
        return "<span\(tip) style=\"\(style);border-radius:2px;padding:1px 0\">\(text.htmlEscaped)</span>"
    }

    // MARK: - Text

    private static let labelWidth = 8

    private var plain: String {
        let head = ([title] + facts).joined(separator: " · ").onOneLine.wrapped(to: 80)
        let shown = rows.map { row in
            ([heading(row)] + row.runs.flatMap { lines($0.state, $0.text) }).joined(separator: "\n")
        }
        return ([head] + shown + (notes.isEmpty ? [] : [notes.joined(separator: "\n").wrapped(to: 80)]))
            .joined(separator: "\n\n")
    }

    /// A piece of a row, named on the left, in lines of 80 columns.
    private func lines(_ state: ReadRow.State, _ text: String) -> [String] {
        let width = 80 - Self.labelWidth - 2
        var lines = text.withoutControls.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { $0.folded(to: width) }
        if lines.count > mostLines {
            let kept = (mostLines - 1) / 2
            let left = lines.count - 2 * kept
            lines = lines.prefix(kept) + ["… \(counted(left, "more line"))"] + lines.suffix(kept)
        }
        return lines.enumerated().map { index, line in
            let label = index == 0 ? state.rawValue : ""
            return "\(label.padding(toLength: Self.labelWidth, withPad: " ", startingAt: 0))│ \(line)"
        }
    }

    private var table: Table {
        var table = Table(
            columns: [.number("row", .ungrouped), "", Table.Column("text", widthLimit: 90)],
            caption: ([title] + facts).joined(separator: " · ").onOneLine, notes: notes)
        for row in rows {
            for run in row.runs {
                table.add([
                    .integer(row.number), .text(run.state.rawValue), .text(run.text.clipped(to: 2000)),
                ])
            }
            if let answer = row.answer { table.add([.integer(row.number), "learned", .text(answer)]) }
        }
        return table
    }
}

extension Substring {
    /// The line in pieces of at most so many columns, wherever that cuts.
    fileprivate func folded(to width: Int) -> [String] {
        var (pieces, piece, used) = ([String](), "", 0)
        for character in self {
            let next = String(character).displayWidth
            if used + next > width {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            piece.append(character)
            used += next
        }
        return pieces + [piece]
    }
}
