import Diagnostics
import JSON

/// Which classes were taken for which: true ones down, answers across, each cell filled by its share of the row.
///
/// Up to `countedClasses` a cell says count and share, up to `filledClasses` its fill does, and beyond that the pairs
/// that are confused most often stand in a table.
package struct ConfusionView: Displayable, Hashable {
    package static let countedClasses = 12
    package static let filledClasses = 40
    static let title = "Confusion"

    package let labels: [String]
    /// `counts[truth][answer]`
    package let counts: [[Int]]
    /// What was judged: "imdb, test".
    package let place: String

    package init(_ counts: [[Int]], labels: [String], of place: String) {
        precondition(
            counts.count == labels.count && counts.allSatisfy { $0.count == labels.count },
            "\(counts.count) rows of counts for \(labels.count) classes")
        (self.counts, self.labels, self.place) = (counts, labels, place)
    }

    package func total(ofRow row: Int) -> Int { counts[row].reduce(0, +) }

    /// Nil in a row without texts.
    package func share(_ row: Int, _ column: Int) -> Double? {
        let total = total(ofRow: row)
        return total > 0 ? Double(counts[row][column]) / Double(total) : nil
    }

    var total: Int { counts.indices.reduce(0) { $0 + total(ofRow: $1) } }

    /// What it is of, how many texts there were, how many of them were right.
    var facts: [String] {
        let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        var facts = [place, "\(NumberStyle.automatic.text(Double(total))) text\(total == 1 ? "" : "s")"]
        if total > 0 {
            facts.append("\(NumberStyle.share(of: total).text(Double(right) / Double(total))) right")
        }
        return facts
    }

    /// A cell in words: "true ham, answered spam: 3 of 20, 15%".
    func words(_ row: Int, _ column: Int) -> String {
        let total = total(ofRow: row)
        let share = share(row, column).map { ", \(NumberStyle.share(of: total).text($0))" } ?? ""
        return "true \(labels[row].onOneLine), answered \(labels[column].onOneLine): "
            + "\(counts[row][column].grouped) of \(total.grouped)\(share)"
    }

    package var value: JSON {
        let rows = labels.indices.flatMap { row in
            labels.indices.map { column -> JSON in
                [
                    "row": .string(labels[row]), "column": .string(labels[column]),
                    "value": .integer(counts[row][column]),
                    "text": .string(NumberStyle.automatic.text(Double(counts[row][column]))),
                    "share": share(row, column).map { .number($0) } ?? .null,
                ]
            }
        }
        return ["kind": "confusion", "title": .string(place), "rows": .array(rows)]
    }

    package func mimeBundle() -> MimeBundle { mimeBundle(drawnBy: Gnuplot.installed) }

    /// HTML for pages, and pictures for documents; no Vega-Lite, which would stand in HTML's place.
    package func mimeBundle(drawnBy gnuplot: Gnuplot?) -> MimeBundle {
        var bundle = MimeBundle(data: [MimeType.html: .string(html), MimeType.plain: .string(plain)])
        guard labels.count <= Self.filledClasses else {
            let pairs = ConfusedPairs(self).table(caption: ([Self.title] + facts).joined(separator: " · "))
            bundle.data[MimeType.markdown] = .string(pairs.markdown)
            bundle.data[MimeType.latex] = .string(pairs.latex)
            return bundle
        }
        let drawing = ConfusionDrawing(self)
        switch drawing.picture(drawnBy: gnuplot) {
        case .success(let picture): picture.add(to: &bundle, size: drawing.size)
        case .failure(let diagnostic):
            let missing = "(no static picture: \(diagnostic.description.onOneLine))"
            bundle.data[MimeType.plain] = .string("\(plain)\n\(missing)")
        }
        return bundle
    }
}
