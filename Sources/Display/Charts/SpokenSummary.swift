extension String {
    /// A chart's summary for who is read to: without the curves that are drawn of characters, their axes and ticks.
    var spoken: String {
        var lines: [String] = []
        var isTicks = false
        for line in split(separator: "\n") {
            if isTicks {
                isTicks = false
                continue
            }
            isTicks = line.contains("└")
            if isTicks || line.contains("┤") { continue }
            let words = line.filter { !$0.isDrawing }.split(separator: " ").joined(separator: " ")
            if !words.isEmpty { lines.append(words) }
        }
        return lines.joined(separator: "; ")
    }
}

extension Character {
    /// Of box drawing, blocks, geometric shapes and braille dots.
    fileprivate var isDrawing: Bool {
        unicodeScalars.allSatisfy {
            (0x2500...0x25FF).contains($0.value) || (0x2800...0x28FF).contains($0.value)
        }
    }
}
