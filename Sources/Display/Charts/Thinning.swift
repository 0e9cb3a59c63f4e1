/// Which of many values are drawn, so that a line of them looks as it would with all.
enum Thinning {
    /// Indices, rising: of each stretch the first, the lowest and the highest value, and the very last.
    ///
    /// - `limit`: about so many.
    static func indices(of values: [Double], to limit: Int) -> [Int] {
        guard values.count > limit else { return Array(values.indices) }
        let stretches = max(1, limit / 3)
        var kept: [Int] = []
        for stretch in 0..<stretches {
            let start = values.count * stretch / stretches
            let part = start..<(values.count * (stretch + 1) / stretches)
            let lowest = part.min { values[$0] < values[$1] } ?? start
            let highest = part.max { values[$0] < values[$1] } ?? start
            kept += Set([start, lowest, highest]).sorted()
        }
        return kept.last == values.count - 1 ? kept : kept + [values.count - 1]
    }

    /// Some of them, evenly, the last among them.
    static func evenly<Element>(_ all: [Element], to limit: Int) -> [Element] {
        guard all.count > limit else { return all }
        let stride = (all.count + limit - 1) / limit
        return all.indices.filter { (all.count - 1 - $0).isMultiple(of: stride) }.map { all[$0] }
    }
}
