import Foundation

/// Makes gnuplot's SVG the same on every run and machine, and fit to stand beside others in a page.
enum SVG {
    /// The drawing alone with our title and description; nil when it is not a whole drawing.
    ///
    /// Version and canvas names go; the ids of point shapes get a prefix made from the drawing,
    /// so that two pictures in one page do not share them.
    static func tidied(_ text: String, title: String, summary: String) -> String? {
        guard let start = text.range(of: "<g id=\"gnuplot_canvas\">"),
            let end = text.range(of: "</svg>", options: .backwards), start.upperBound < end.lowerBound,
            let width = attribute("width", of: text), let height = attribute("height", of: text)
        else { return nil }
        let prefix = "p\(String(hash(text), radix: 36))"
        let drawing = text[start.upperBound..<end.lowerBound]
            .split(separator: "\n")
            .map { cleaned($0, prefix: prefix) }
            .filter { !$0.isEmpty }
        let head = """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
            width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img" \
            aria-label="\("\(title). \(summary)".onOneLine.htmlEscaped)">
            <title>\(title.htmlEscaped)</title>
            <desc>\(summary.htmlEscaped)</desc>
            <g>
            """
        return ([head] + drawing + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private static func cleaned(_ line: Substring, prefix: String) -> String {
        var line = line.trimmingCharacters(in: .whitespaces)
        if line.hasPrefix("<text>") { return line }
        if line.hasPrefix("<g id=\"lorikeet_plot_") { return "<g>" }
        for name in ["gpPt", "gpDot", "textbox", "greybox"] {
            line = line.replacingOccurrences(of: "id='\(name)", with: "id='\(prefix)\(name)")
            line = line.replacingOccurrences(of: "'#\(name)", with: "'#\(prefix)\(name)")
        }
        return line
    }

    private static func attribute(_ name: String, of text: String) -> Int? {
        guard let start = text.range(of: "\(name)=\"") else { return nil }
        return Int(text[start.upperBound...].prefix { $0.isNumber })
    }

    /// FNV-1a: the same on every machine, unlike Swift's own hash.
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
