/// The candidate nearest to a misspelt name, or nil when none is near enough to suggest.
///
/// Distance is Damerau-Levenshtein (optimal string alignment) on case-folded letters; a
/// candidate is near when it is at most a third of the name's length away, or begins with it.
package func closestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased())
    guard !wanted.isEmpty else { return nil }
    let allowed = max(1, (wanted.count + 1) / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased())
        var distance = editDistance(wanted, letters)
        if wanted.count >= 3, letters.starts(with: wanted) { distance = min(distance, 1) }
        if distance <= allowed, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.name
}

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
