import Display
import JSON
import Training

/// The words that an encoder holds for likeliest at each mask of texts.
struct FilledMasksReport: Displayable {
    private let texts: [FilledMasks]
    private let notes: [String]

    init(_ texts: [FilledMasks], notes: [String] = []) { (self.texts, self.notes) = (texts, notes) }

    var value: JSON {
        .array(
            texts.map { text in
                [
                    "text": .string(text.text), "filled": .string(text.filled),
                    "masks": .array(
                        text.masks.map { words in
                            .array(
                                words.map {
                                    [
                                        "word": .string($0.text), "id": .integer(Int($0.token)),
                                        "probability": .number($0.probability),
                                    ]
                                })
                        }),
                ]
            })
    }

    func mimeBundle() -> MimeBundle {
        let table = table
        return MimeBundle(
            data: [
                MimeType.html: .string(html), MimeType.markdown: .string(table.markdown),
                MimeType.latex: .string(table.latex), MimeType.plain: .string(plain),
            ], sentences: notes.count)
    }

    private func percent(_ share: Double) -> String {
        share > 0 && share < 0.0005 ? "<0.1%" : NumberStyle.percent(1).text(share)
    }

    /// `mask 2 of 3`; nothing where there is one.
    private func title(_ index: Int, of text: FilledMasks) -> String? {
        text.masks.count > 1 ? "mask \(index + 1) of \(text.masks.count.grouped)" : nil
    }

    private var table: Table {
        var table = Table(
            columns: [
                Table.Column("text", widthLimit: 40), .number("mask", .ungrouped), "word",
                .number("probability", .percent(1)),
            ], notes: notes)
        for text in texts {
            for (index, words) in text.masks.enumerated() {
                for word in words {
                    table.add([
                        .text(text.text.clipped(to: 600)), .integer(index + 1), .text(word.text),
                        .number(word.probability),
                    ])
                }
            }
        }
        return table
    }

    // MARK: - Text

    private var plain: String {
        (texts.map(plain) + (notes.isEmpty ? [] : [notes.joined(separator: "\n")])).joined(separator: "\n\n")
    }

    private func plain(_ text: FilledMasks) -> String {
        let width =
            text.masks.joined().map { name(of: $0).displayWidth }.max() ?? 0
        let masks = text.masks.enumerated().map { index, words -> String in
            let bars = words.map { word in
                let filled = Int((word.probability * 30).rounded())
                let bar =
                    String(repeating: "━", count: filled) + String(repeating: "╌", count: max(0, 30 - filled))
                return
                    "  \(name(of: word).padded(to: width))  \(bar)  \(percent(word.probability).padded(to: 6, .trailing))"
            }
            return ((title(index, of: text).map { ["  \($0)"] } ?? []) + bars).joined(separator: "\n")
        }
        return (["“\(text.text.onOneLine.clipped(to: 76))”"] + masks).joined(separator: "\n")
    }

    private func name(of word: FilledMasks.Word) -> String { word.text.onOneLine.clippedInMiddle(to: 30) }

    // MARK: - HTML

    private var html: String {
        Markup.frame(texts.map(html) + notes.map(Markup.note))
    }

    private func html(_ text: FilledMasks) -> String {
        let masks = text.masks.enumerated().map { index, words in
            let rows = words.enumerated().map { rank, word in
                Markup.shareRow(
                    name(of: word), word.probability, text: percent(word.probability), whole: word.text,
                    stands: rank == 0)
            }
            return (title(index, of: text).map(Markup.note) ?? "")
                + "<table class=\"lk-num\" style=\"border-collapse:collapse;border:none;margin:0;font-size:12px;width:100%;"
                + "max-width:460px\">\(rows.joined(separator: "\n"))</table>"
        }
        return """
            <div style="margin:0 0 12px 0"><div style="margin:0 0 3px 0;overflow-wrap:break-word">\
            “\(text.text.onOneLine.clipped(to: 600).htmlEscaped)”</div>\(masks.joined())</div>
            """
    }
}
