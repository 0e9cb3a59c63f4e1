/// Pieces of HTML that displays are put together from.
///
/// Inline styles alone must do: a page that does not trust a notebook drops `<style>`. Neither background nor colour of
/// text is set, so that both follow the page's theme; what is muted is so by opacity.
package enum Markup {
    /// Opacity of words that are read second.
    static let mutedOpacity = "0.72"
    static let rule = "rgba(128,128,128,0.5)"
    static let faintRule = "rgba(128,128,128,0.25)"
    /// Behind the best row.
    static let tint = "rgba(213,94,0,0.12)"
    static let figures = "font-variant-numeric:tabular-nums"

    // MARK: - Words

    /// What is read second.
    static func muted(_ text: String) -> String {
        "<span style=\"opacity:\(mutedOpacity)\">\(text.htmlEscaped)</span>"
    }

    static func strong(_ text: String) -> String {
        "<b style=\"font-weight:600\">\(text.htmlEscaped)</b>"
    }

    /// What a person may type.
    static func code(_ text: String) -> String {
        "<code style=\"font-size:12px;padding:1px 4px;border-radius:3px;background:rgba(128,128,128,0.18)\">"
            + "\(text.htmlEscaped)</code>"
    }

    // MARK: - Parts

    /// Classes by which MathJax leaves alone what stands between dollar signs: in our displays these are somebody's.
    static let noMathematics = "tex2jax_ignore mathjax_ignore"

    /// The whole of a display.
    ///
    /// - `width`: CSS pixels, at most.
    package static func frame(_ parts: [String], width: Int = 760) -> String {
        let style = "max-width:\(width)px;font-size:13px;line-height:1.45;margin:2px 0 6px 0"
        let content = parts.filter { !$0.isEmpty }.joined(separator: "\n")
        return "<div class=\"\(noMathematics)\" style=\"\(style)\">\n\(content)\n</div>"
    }

    /// A title with what it is about beside it.
    package static func heading(_ title: String, _ facts: [String]) -> String {
        let beside = facts.map(\.onOneLine).joined(separator: " · ").htmlEscaped
        return
            "<div style=\"margin:0 0 4px 0\"><b style=\"font-size:14px\">\(title.onOneLine.htmlEscaped)</b>"
            + (facts.isEmpty
                ? "" : " &nbsp;<span style=\"opacity:\(mutedOpacity);font-size:12px\">\(beside)</span>")
            + "</div>"
    }

    /// A line in the size of notes.
    package static func note(_ text: String) -> String {
        "<div style=\"font-size:12px;margin:4px 0 2px 0\">\(muted(text))</div>"
    }

    /// What must not be read over: ruled in orange, since words are never coloured.
    ///
    /// - `text`: its first sentence, up to a colon or a full stop, stands out.
    package static func warning(_ text: String) -> String {
        let head = text.prefix { $0 != ":" && $0 != "." }
        let rest = text.dropFirst(head.count)
        return
            "<div style=\"border-left:3px solid \(Palette.colour(1));padding:2px 0 2px 10px;margin:8px 0\">"
            + strong(String(head)) + "\(String(rest).htmlEscaped)</div>"
    }

    /// Lines that show when a person asks for them.
    package static func folded(_ summary: String, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        return folding(summary, around: lines.map(\.htmlEscaped).joined(separator: " · "))
    }

    /// A display that shows when a person asks for it.
    static func folding(_ summary: String, around html: String) -> String {
        "<details style=\"font-size:12px;margin:6px 0 0 0\"><summary style=\"cursor:pointer\">"
            + "\(summary.htmlEscaped)</summary><div style=\"padding:2px 0 0 16px\">\(html)</div></details>"
    }

    /// A name cut in its middle where it is long, the whole of it under the pointer.
    package static func short(_ name: String, to width: Int) -> String {
        let cut = name.onOneLine.clippedInMiddle(to: width)
        return cut == name.onOneLine
            ? cut.htmlEscaped : "<span title=\"\(name.htmlEscaped)\">\(cut.htmlEscaped)</span>"
    }

    /// A row of a table: a name, cut where it has no room, a bar of a share's length, the share in figures.
    ///
    /// - `whole`: the name under the pointer, where the one that is shown is cut.
    /// - `stands`: whether it is the one that stands out.
    package static func shareRow(
        _ name: String, _ share: Double, text: String, whole: String? = nil, stands: Bool
    ) -> String {
        let width = NumberStyle.fixed(1).text(min(1, max(0, share)) * 100)
        let colour = stands ? Palette.colour(0) : "rgba(128,128,128,0.55)"
        let weight = stands ? ";font-weight:600" : ""
        return """
            <tr style="background:transparent">\
            <td title="\((whole ?? name).htmlEscaped)" style="text-align:left;padding:3px 0;border:none;white-space:nowrap;\
            max-width:0;overflow:hidden;text-overflow:ellipsis\(weight)">\(name.htmlEscaped)</td>\
            <td style="padding:3px 0 3px 14px;border:none;width:46%;vertical-align:middle">\
            <div style="height:14px;border-radius:2px;background:rgba(128,128,128,0.16)">\
            <div style="width:\(width)%;height:14px;border-radius:2px;background:\(colour)"></div></div></td>\
            <td style="text-align:right;padding:3px 0 3px 12px;border:none;width:4em\(weight)">\
            \(text.htmlEscaped)</td></tr>
            """
    }
}
