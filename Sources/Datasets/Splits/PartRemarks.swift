import Diagnostics

/// What is worth knowing about texts and classes in the parts of a data set: repeats, contradictions, gaps.
struct PartRemarks {
    let parts: [Split: [Int]]
    let keys: [Int: UInt64]
    let classes: [Int: Int]
    let labels: [String]

    /// - `pool`: the rows out of which parts were carved.
    func notes(carvedFrom pool: [Int]) -> [Remark] {
        [repeats(in: pool), contradictions].compactMap { $0 } + overlaps + gaps
    }

    private func repeats(in pool: [Int]) -> Remark? {
        let repeats = pool.count - Set(pool.compactMap { keys[$0] }).count
        return repeats > 0
            ? "\(counted(repeats)) \(repeats == 1 ? "repeats" : "repeat") an earlier text; equal texts stay in one part"
            : nil
    }

    /// Equal texts under different classes.
    private var contradictions: Remark? {
        var found: [UInt64: Set<Int>] = [:]
        for (row, label) in classes { if let key = keys[row] { found[key, default: []].insert(label) } }
        let texts = Set(found.lazy.filter { $0.value.count > 1 }.map(\.key))
        guard !texts.isEmpty else { return nil }
        let rows = classes.keys.count { keys[$0].map(texts.contains) == true }
        return .warning(
            "\(counted(texts.count, "text")) \(texts.count == 1 ? "stands" : "stand") under more than one class (\(counted(rows))): give each one class in the file, or leave it out"
        )
    }

    /// Texts that the source itself has in two parts.
    private var overlaps: [Remark] {
        var notes: [Remark] = []
        for (split, others) in [(Split.validation, [Split.train]), (.test, [.train, .validation])] {
            for other in others {
                let known = Set((parts[other] ?? []).compactMap { keys[$0] })
                let seen = (parts[split] ?? []).count { keys[$0].map(known.contains) == true }
                guard seen > 0 else { continue }
                notes.append(
                    .warning(
                        "\(counted(seen)) of \(split) also \(seen == 1 ? "stands" : "stand") in \(other) (kept: the part is declared)"
                    ))
            }
        }
        return notes
    }

    /// Classes that a part has no row of.
    private var gaps: [Remark] {
        guard labels.count > 1 else { return [] }
        return Split.allCases.compactMap { split in
            guard let rows = parts[split], !rows.isEmpty else { return nil }
            let there = Set(rows.compactMap { classes[$0] })
            let missing = labels.indices.filter { !there.contains($0) }
            guard !missing.isEmpty else { return nil }
            let names = missing.prefix(5).map { "'\(labels[$0].forMessages)'" }.joined(separator: ", ")
            return .warning(
                "\(split) has no row of \(missing.count.grouped) of the \(labels.count.grouped) classes: \(names)"
                    + (missing.count > 5 ? " …" : ""))
        }
    }
}
