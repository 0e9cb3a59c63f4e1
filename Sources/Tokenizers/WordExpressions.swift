// The regular expressions of byte-level BPE, by hand: one pass, no engine.

/// GPT-2's
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
func splitLikeGPT2(_ text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    let end = range.upperBound
    var index = range.lowerBound
    while index < end {
        let start = index
        if let contraction = contractionEnd(text, index, end, anyCase: false) {
            index = contraction
        } else {
            // One space goes along with the word after it.
            var word = index
            if text[index] == 32, index + 1 < end { word = index + 1 }
            let kind = CharacterClass(of: scalar(text, at: word).value).intersection(.wordOrSpace)
            if kind.contains(.space) {
                index = spaceRunEnd(text, start, end)
            } else {
                index = runEnd(text, word, end, kind)
            }
        }
        body(start..<index)
    }
}

/// LLaMA 3's
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
///     |\s*[\r\n]+|\s+(?!\S)|\s+
///
/// with at most `digits` in a group.
func splitLikeLLaMA3(_ text: [UInt8], _ range: Range<Int>, digits: Int, _ body: (Range<Int>) -> Void) {
    let end = range.upperBound
    var index = range.lowerBound
    while index < end {
        let start = index
        index =
            contractionEnd(text, start, end, anyCase: true)
            ?? letterRunEnd(text, start, end)
            ?? digitGroupEnd(text, start, end, most: digits)
            ?? symbolRunEnd(text, start, end)
            ?? lineEnd(text, start, end)
            ?? spaceRunEnd(text, start, end)
        body(start..<index)
    }
}

/// The end of the run of characters whose letter, number and space bits equal `kind`.
private func runEnd(_ text: [UInt8], _ start: Int, _ end: Int, _ kind: CharacterClass) -> Int {
    var index = start
    while index < end {
        let (value, width) = scalar(text, at: index)
        guard CharacterClass(of: value).intersection(.wordOrSpace) == kind else { break }
        index += width
    }
    return index
}

/// `'s|'t|'re|'ve|'m|'ll|'d`
private func contractionEnd(_ text: [UInt8], _ start: Int, _ end: Int, anyCase: Bool) -> Int? {
    guard text[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
    func letter(_ offset: Int) -> UInt8 {
        guard start + offset < end else { return 0 }
        let byte = text[start + offset]
        return anyCase && byte >= 65 && byte <= 90 ? byte | 32 : byte
    }
    switch (letter(1), letter(2)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
        return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
        (UInt8(ascii: "l"), UInt8(ascii: "l")):
        return start + 3
    // The long s is an s of another case.
    case (0xc5, 0xbf) where anyCase: return start + 3
    default: return nil
    }
}

/// `[^\r\n\p{L}\p{N}]?\p{L}+`
private func letterRunEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    let (value, width) = scalar(text, at: start)
    let first = CharacterClass(of: value)
    if first.contains(.letter) { return runEnd(text, start, end, .letter) }
    guard value != 13, value != 10, !first.contains(.number), start + width < end else { return nil }
    let letters = runEnd(text, start + width, end, .letter)
    return letters > start + width ? letters : nil
}

/// `\p{N}{1,most}`
private func digitGroupEnd(_ text: [UInt8], _ start: Int, _ end: Int, most: Int) -> Int? {
    var index = start
    for _ in 0..<most where index < end {
        let (value, width) = scalar(text, at: index)
        guard CharacterClass(of: value).contains(.number) else { break }
        index += width
    }
    return index > start ? index : nil
}

/// ` ?[^\s\p{L}\p{N}]+[\r\n]*`
private func symbolRunEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    let word = text[start] == 32 ? start + 1 : start
    var index = runEnd(text, word, end, [])
    guard index > word else { return nil }
    while index < end, text[index] == 13 || text[index] == 10 { index += 1 }
    return index
}

/// `\s*[\r\n]+`: through the last line end of the run of white space.
private func lineEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    let run = runEnd(text, start, end, .space)
    return text[start..<run].lastIndex { $0 == 13 || $0 == 10 }.map { $0 + 1 }
}

/// `\s+(?!\S)|\s+`: white space but for its last character, which goes with the word after it.
private func spaceRunEnd(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
    let run = runEnd(text, start, end, .space)
    guard run < end else { return run }
    let last = scalarIndex(text, before: run)
    return last > start ? last : run
}
