/// Stems of English words (Porter 1980) with the changes that NLTK makes by default, and so rouge-score.
///
/// Words are lower-case ASCII letters and digits, of which all but a, e, i, o, u and some y are consonants.
enum PorterStemmer {
    static func stem(of word: Scalars) -> Scalars {
        let text = word.string
        if let known = irregular[text] { return Scalars(known) }
        guard word.count > 2 else { return word }
        var stem = Stem(text)
        stem.dropPlural()
        stem.dropPast()
        stem.turnY()
        stem.shortenDoubleSuffixes()
        stem.apply(thirdRules)
        stem.apply(fourthRules)
        stem.dropE()
        stem.apply([Rule("ll", "l") { Stem($0.text + "l").measure > 1 }])
        return Scalars(stem.text)
    }

    private static let irregular = [
        "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
        "innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing",
        "cannings": "canning", "canning": "canning", "howe": "howe", "proceed": "proceed",
        "exceed": "exceed", "succeed": "succeed",
    ]

    /// What takes a suffix's place where the rest of the word allows it; of several the first whose suffix fits decides.
    fileprivate struct Rule: Sendable {
        let suffix: String
        let replacement: String
        let allows: @Sendable (Stem) -> Bool

        init(
            _ suffix: String, _ replacement: String,
            where allows: @escaping @Sendable (Stem) -> Bool = { $0.measure > 0 }
        ) {
            (self.suffix, self.replacement, self.allows) = (suffix, replacement, allows)
        }
    }

    fileprivate static let secondRules =
        [
            ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
            ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
            ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
            ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
            ("fulli", "ful"),
        ].map { Rule($0, $1) } + [Rule("logi", "log") { Stem($0.text + "l").measure > 0 }]

    private static let thirdRules = [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
        ("ness", ""),
    ].map { Rule($0, $1) }

    private static let fourthRules: [Rule] = {
        func dropped(_ suffix: String) -> Rule { Rule(suffix, "") { $0.measure > 1 } }
        let ion = Rule("ion", "") { $0.measure > 1 && ($0.text.last == "s" || $0.text.last == "t") }
        return ["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"].map(dropped)
            + [ion] + ["ou", "ism", "ate", "iti", "ous", "ive", "ize"].map(dropped)
    }()
}

/// A word on its way to its stem.
private struct Stem {
    var text: String

    init(_ text: String) { self.text = text }

    private func without(_ suffix: String) -> Stem { Stem(String(text.dropLast(suffix.count))) }

    mutating func apply(_ rules: [PorterStemmer.Rule]) {
        guard let rule = rules.first(where: { text.hasSuffix($0.suffix) }) else { return }
        let rest = without(rule.suffix)
        if rule.allows(rest) { text = rest.text + rule.replacement }
    }

    // MARK: - Steps

    mutating func dropPlural() {
        if text.count == 4, text.hasSuffix("ies") {
            text = without("s").text
        } else {
            let always: @Sendable (Stem) -> Bool = { _ in true }
            apply(
                [("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")].map {
                    PorterStemmer.Rule($0, $1, where: always)
                })
        }
    }

    mutating func dropPast() {
        if text.hasSuffix("ied") {
            text = without(text.count == 4 ? "d" : "ed").text
        } else if text.hasSuffix("eed") {
            if without("eed").measure > 0 { text = without("d").text }
        } else if let suffix = ["ed", "ing"].first(where: {
            text.hasSuffix($0) && without($0).hasVowel
        }) {
            self = without(suffix)
            mendEnd()
        }
    }

    /// `hop(p)`, `hat(e)`: what the past has changed of the word.
    private mutating func mendEnd() {
        if ["at", "bl", "iz"].contains(where: { text.hasSuffix($0) }) {
            text += "e"
        } else if endsInDouble {
            if let last = text.last, !"lsz".contains(last) { text.removeLast() }
        } else if measure == 1, endsInShortSyllable {
            text += "e"
        }
    }

    mutating func turnY() {
        guard text.hasSuffix("y"), text.count > 2, consonants[text.count - 2] else { return }
        text = without("y").text + "i"
    }

    mutating func shortenDoubleSuffixes() {
        while text.hasSuffix("alli"), without("alli").measure > 0 { text = without("li").text }
        apply(PorterStemmer.secondRules)
    }

    mutating func dropE() {
        guard text.hasSuffix("e") else { return }
        let rest = without("e")
        if rest.measure > 1 || (rest.measure == 1 && !rest.endsInShortSyllable) { self = rest }
    }

    // MARK: - What the word is like

    /// For each letter whether it is a consonant: a y is one at the beginning and after a vowel.
    private var consonants: [Bool] {
        text.reduce(into: []) { found, letter in
            found.append(letter == "y" ? !(found.last ?? false) : !"aeiou".contains(letter))
        }
    }

    /// How often consonants follow vowels.
    var measure: Int {
        let consonants = consonants
        return zip(consonants, consonants.dropFirst()).count { !$0 && $1 }
    }

    private var hasVowel: Bool { consonants.contains(false) }

    private var endsInDouble: Bool {
        text.count > 1 && text.suffix(1) == text.dropLast().suffix(1) && consonants.last == true
    }

    /// Whether it ends in consonant, vowel and another consonant than w, x, y, or is a vowel and a consonant.
    private var endsInShortSyllable: Bool {
        let end = consonants.suffix(3)
        guard let last = text.last else { return false }
        return end == [true, false, true] && !"wxy".contains(last) || Array(end) == [false, true]
    }
}
