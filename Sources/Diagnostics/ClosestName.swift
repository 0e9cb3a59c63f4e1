/// The candidate that a misspelt name was meant to be, or nil when none is near enough to suggest.
///
/// Distance is Damerau-Levenshtein (optimal string alignment) on case-folded letters, and few letters may
/// differ: one in names of up to four, two in those of up to eight, three in longer ones. Where both have the
/// same number of words (`eval_steps`, `max_steps`), each word must be near its counterpart: a word in common
/// makes two settings no less different. A name's beginning finds it when at least half of it is there.
package func closestName(to name: String, among candidates: some Sequence<String>) -> String? {
    // Longer than any name: not a slip, and too much to compare.
    guard !name.isEmpty, name.utf8.count <= 100 else { return nil }
    let wanted = name.lowercased()
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        guard let distance = slips(from: wanted, to: candidate.lowercased()) else { continue }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// How many letters differ, or nil when the two are different names.
private func slips(from wanted: String, to candidate: String) -> Int? {
    let (typed, meant) = (Array(wanted), Array(candidate))
    if typed.count >= 3, typed.count * 2 >= meant.count, meant.starts(with: typed) { return 1 }
    let distance = editDistance(typed, meant)
    guard distance <= allowedSlips(typed.count), distance * 2 < max(typed.count, meant.count) else {
        return nil
    }
    let words = (wanted.split(separator: "_"), candidate.split(separator: "_"))
    guard words.0.count > 1, words.0.count == words.1.count else { return distance }
    let areNear = zip(words.0, words.1).allSatisfy { typed, meant in
        editDistance(Array(typed), Array(meant)) <= max(1, allowedSlips(typed.count) - 1)
    }
    return areNear ? distance : nil
}

private func allowedSlips(_ count: Int) -> Int { count <= 4 ? 1 : count <= 8 ? 2 : 3 }

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var twoBack = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 0..<a.count {
        var current = [i + 1] + [Int](repeating: 0, count: b.count)
        for j in 0..<b.count {
            let substitution = previous[j] + (a[i] == b[j] ? 0 : 1)
            current[j + 1] = min(substitution, previous[j + 1] + 1, current[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                current[j + 1] = min(current[j + 1], twoBack[j - 1] + 1)
            }
        }
        twoBack = previous
        previous = current
    }
    return previous[b.count]
}
