import Display
import JSON

/// Whether a cell's new outputs say the same as the stored ones, for `lorikeet run --check`.
///
/// Pictures, execution counts and metadata are left out; texts, tables and plots are compared.
package struct OutputComparison: Sendable {
    private let stored: [String]
    private let found: [String]

    package init(stored: [JSON], found: [JSON]) {
        self.stored = stored.flatMap(Self.lines)
        self.found = found.flatMap(Self.lines)
    }

    package var isSame: Bool { stored == found }

    /// Lines that are gone after `-`, new ones after `+`, in order; at most `limit`.
    package func difference(limit: Int = 40) -> [String] {
        var removed: [Int: String] = [:]
        var inserted: [Int: String] = [:]
        for change in found.difference(from: stored) {
            switch change {
            case .remove(let offset, let line, _): removed[offset] = line
            case .insert(let offset, let line, _): inserted[offset] = line
            }
        }
        var lines: [String] = []
        var (old, new) = (0, 0)
        while old < stored.count || new < found.count {
            if let line = removed[old], old < stored.count {
                lines.append("- \(line)")
                old += 1
            } else if let line = inserted[new], new < found.count {
                lines.append("+ \(line)")
                new += 1
            } else {
                old += 1
                new += 1
            }
        }
        let more = lines.count - limit
        return more > 0 ? lines.prefix(limit) + ["… and \(more) more lines"] : lines
    }

    private static let skipped: Set<String> = [MimeType.png, MimeType.svg, MimeType.pdf, "image/jpeg"]

    private static func lines(of output: JSON) -> [String] {
        let kind = output["output_type"]?.string ?? ""
        var lines: [String] = []
        switch kind {
        case "stream":
            lines = texts(output["text"], name: output["name"]?.string ?? "")
        case "error":
            lines = ["error: \(output["ename"]?.string ?? ""): \(output["evalue"]?.string ?? "")"]
        default:
            for (type, value) in (output["data"]?.object ?? [:]).sorted(by: { $0.key < $1.key })
            where !skipped.contains(type) {
                lines += texts(value, name: type)
            }
        }
        return lines
    }

    private static func texts(_ value: JSON?, name: String) -> [String] {
        guard let value else { return [] }
        let text = value.string ?? sortedText(value)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(name): \($0)" }
    }

    private static func sortedText(_ value: JSON) -> String {
        switch value {
        case .object(let object):
            "{"
                + object.sorted { $0.key < $1.key }.map { "\($0.key): \(sortedText($0.value))" }
                .joined(separator: "\n") + "}"
        case .array(let items): "[" + items.map(sortedText).joined(separator: "\n") + "]"
        case .integer(let number): Double(number).description
        case .number(let number): number.description
        default: value.text()
        }
    }
}
