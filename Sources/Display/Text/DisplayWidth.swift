extension Character {
    /// The columns of a terminal that the character takes: 0, 1 or 2.
    ///
    /// East Asian wide and full-width forms and emoji take two (Unicode annex 11, in ranges).
    package var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if first.value < 0x300 { return first.value < 0x20 ? 0 : 1 }
        if unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
        if first.properties.isEmojiPresentation { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return wideRanges.contains { $0.contains(first.value) } ? 2 : 1
        }
    }
}

private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
]

extension String {
    /// The columns of a terminal that the text takes.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text cut to at most `width` columns, ending in `…` where something was cut.
    package func clipped(to width: Int) -> String {
        guard utf8.count > width, displayWidth > width else { return self }
        var result = ""
        var used = 0
        for character in self {
            let next = character.displayWidth
            guard used + next <= width - 1 else { break }
            used += next
            result.append(character)
        }
        return result + "…"
    }

    /// The same with `…` in the middle: many names begin alike and differ at their end.
    package func clippedInMiddle(to width: Int) -> String {
        guard utf8.count > width, displayWidth > width else { return self }
        let end = String(String(reversed()).clipped(to: width / 2 + 1).dropLast().reversed())
        return clipped(to: width - end.displayWidth) + end
    }

    /// The same text with each of its words cut in its middle to at most `width` columns.
    ///
    /// A wide letter is a word of its own: a line may go on in the next one after any of them.
    package func withWordsClipped(to width: Int) -> String {
        guard utf8.count > width, displayWidth > width else { return self }
        var (result, word) = ("", "")
        for character in self {
            guard character.isWhitespace || character.displayWidth == 2 else {
                word.append(character)
                continue
            }
            result += word.clippedInMiddle(to: width)
            result.append(character)
            word = ""
        }
        return result + word.clippedInMiddle(to: width)
    }

    /// The same, cut after a whole word where one ends in the second half of the room.
    package func clippedAfterWord(to width: Int) -> String {
        let cut = clipped(to: width)
        guard cut != self, !cut.isEmpty else { return cut }
        let kept = cut.dropLast()
        if dropFirst(kept.count).first == " " { return String(kept).trimmingTrailingSpaces + "…" }
        guard let space = kept.lastIndex(of: " "), 2 * String(kept[..<space]).displayWidth >= width else {
            return cut
        }
        return String(kept[..<space]).trimmingTrailingSpaces + "…"
    }

    /// Texts cut to at most `width` columns, after a word; in their middle where they would be the same otherwise.
    package static func clipped(_ texts: [String], to width: Int) -> [String] {
        let cut = texts.map { $0.clippedAfterWord(to: width) }
        guard Set(cut).count < Set(texts).count else { return cut }
        return texts.map { $0.clippedInMiddle(to: width) }
    }

    /// The text filled with spaces to `width` columns.
    package func padded(to width: Int, _ alignment: Alignment = .leading) -> String {
        let missing = max(0, width - displayWidth)
        switch alignment {
        case .leading: return self + String(repeating: " ", count: missing)
        case .trailing: return String(repeating: " ", count: missing) + self
        case .centre:
            let before = missing / 2
            return String(repeating: " ", count: before) + self
                + String(repeating: " ", count: missing - before)
        }
    }
}

package enum Alignment: String, Sendable, Hashable {
    case leading = "left"
    case trailing = "right"
    case centre = "center"
}
