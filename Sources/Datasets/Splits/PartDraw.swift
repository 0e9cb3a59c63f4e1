import Diagnostics
import System

/// Decides which rows make up train, validation and test, and says what it did.
struct PartDraw {
    private let rows: Rows
    private let classes: [Int: Int]
    private let labels: [String]
    private let keys: [Int: UInt64]
    private let request: DatasetRequest
    private(set) var notes: [Remark] = []

    /// Without any wish: 70% to learn from, 10% to watch, 20% to judge by.
    private static let defaultShares: [Split: Double] = [.train: 0.7, .validation: 0.1]
    /// Rows that are carved to watch, at most: more would cost more time than they tell.
    private static let mostWatched = 1000

    init(
        rows: Rows, classes: [Int: Int], labels: [String], keys: [Int: UInt64], request: DatasetRequest
    ) {
        self.rows = rows
        self.classes = classes
        self.labels = labels
        self.keys = keys
        self.request = request
    }

    mutating func parts() throws -> [Split: [Int]] {
        var pools = Dictionary(grouping: rows.values.indices) { rows.splits[$0] ?? .train }
        let declared = Set(rows.splits.compactMap { $0 })
        if request.isBalanced { balance(&pools) }
        var parts: [Split: [Int]] = [:]
        for split in [Split.validation, .test] where declared.contains(split) {
            parts[split] = try cut(pools[split] ?? [], to: request[split], split)
        }
        let pool = pools[.train] ?? []
        let wanted = try carvedCounts(from: pool, declared: declared)
        var draw = StratifiedDraw(rows: pool, classes: classes, keys: keys, seed: request.seed)
        for split in [Split.test, .validation] {
            guard let count = wanted[split], count > 0 else { continue }
            let others = wanted.filter { $0.key != split && parts[$0.key] == nil }.values.reduce(0, +)
            let held = draw.hold(out: count, leaving: others + (request.train?.rows(of: pool.count) ?? 0))
            parts[split] = held
            if held.count != count {
                notes.append(
                    "\(split) has \(counted(held.count)), not \(count): equal texts stay in one part")
            }
        }
        let available = draw.remaining(nil)
        parts[.train] = try trainingRows(available, of: pool)
        describe(parts, wanted: wanted, declared: declared, pool: pool)
        return parts
    }

    /// How many rows each part that is not declared takes from the training rows.
    private func carvedCounts(from pool: [Int], declared: Set<Split>) throws -> [Split: Int] {
        var counts: [Split: Int] = [:]
        let train = max(min(1, pool.count), Int(Double(pool.count) * (Self.defaultShares[.train] ?? 0)))
        let validation = Int(Double(pool.count) * (Self.defaultShares[.validation] ?? 0))
        for split in [Split.validation, .test] where !declared.contains(split) {
            if let amount = request[split] {
                counts[split] = amount.rows(of: pool.count)
            } else if split == .test {
                counts[split] = pool.count - train - validation
            }
        }
        let asked = counts.values.reduce(0, +) + (request.train?.rows(of: pool.count) ?? 0)
        guard asked <= pool.count else { throw tooFew(asked: asked, counts, available: pool.count) }
        if request.validation == nil, !declared.contains(.validation) {
            counts[.validation] = watched(of: pool.count, besides: counts[.test] ?? 0)
        }
        return counts
    }

    /// How many rows are held out to watch by, where nobody said: of what training and test leave.
    ///
    /// With `train=N` it stays at N: a fifth of that is watched, a hundred at least where there are as many to learn
    /// from, and never more than half of what is left, so that the training rows stay the same.
    private func watched(of total: Int, besides test: Int) -> Int {
        guard let train = request.train?.rows(of: total) else {
            let whole = request.test == nil ? total : total - test
            return min(Self.mostWatched, Int(Double(whole) * (Self.defaultShares[.validation] ?? 0)))
        }
        return min(Self.mostWatched, max(train / 5, min(100, train)), (total - test - train) / 2)
    }

    private func tooFew(asked: Int, _ counts: [Split: Int], available: Int) -> Diagnostic {
        var parts = [Split.validation, .test].compactMap { split in
            counts[split].map { "\(split)=\($0)\(request[split] == nil ? " (by default)" : "")" }
        }
        if let train = request.train { parts.insert("train=\(train.rows(of: available))", at: 0) }
        return Diagnostic(
            "too-few-rows",
            "\(parts.joined(separator: ", ")) make \(asked) rows, and there are \(available) to draw from",
            hint: "ask for fewer, or say test= yourself")
    }

    private func trainingRows(_ available: [Int], of pool: [Int]) throws -> [Int] {
        guard let amount = request.train else { return available }
        let count = amount.rows(of: pool.count)
        guard count > 0 || pool.isEmpty || amount == .count(0) else {
            throw Diagnostic(
                "too-few-rows",
                "so small a share of \(pool.count.grouped) rows is none: there is nothing to learn from",
                hint: "write train=1 or more")
        }
        guard count <= available.count else {
            throw Diagnostic(
                "too-few-rows", "train=\(count) was asked for, and \(available.count.grouped) rows are left",
                hint: "ask for fewer in train, validation or test")
        }
        return Array(available.prefix(count))
    }

    /// A declared part, or as much of it as is asked for.
    private mutating func cut(_ pool: [Int], to amount: Amount?, _ split: Split) throws -> [Int] {
        let draw = StratifiedDraw(rows: pool, classes: classes, keys: keys, seed: request.seed)
        guard let amount else { return pool }
        let count = amount.rows(of: pool.count)
        guard count <= pool.count else {
            throw Diagnostic(
                "too-few-rows",
                "\(split)=\(count) was asked for, and \(rows.source) has \(pool.count.grouped)",
                hint: "\(split)=\(pool.count) takes them all")
        }
        return draw.remaining(count)
    }

    private mutating func balance(_ pools: inout [Split: [Int]]) {
        guard labels.count > 1 else {
            notes.append("nothing to balance: there are no classes")
            return
        }
        let random = CounterRandom(drawing: "balance", seed: request.seed)
        for split in Split.allCases {
            guard let pool = pools[split] else { continue }
            let byClass = Dictionary(grouping: pool) { classes[$0] ?? 0 }
            guard let least = byClass.values.map(\.count).min() else { continue }
            let kept = byClass.values.flatMap { members in
                members.sorted { (random[UInt64($0)], $0) < (random[UInt64($1)], $1) }.prefix(least)
            }
            pools[split] = kept.sorted()
            let dropped = pool.count - kept.count
            if dropped > 0 {
                notes.append("balanced: \(least) of each class kept, \(counted(dropped)) dropped")
            }
        }
    }

    private mutating func describe(
        _ parts: [Split: [Int]], wanted: [Split: Int], declared: Set<Split>, pool: [Int]
    ) {
        let carved = [Split.validation, .test].filter { wanted[$0] ?? 0 > 0 }
        let filled = carved.filter { parts[$0]?.isEmpty == false }
        if !filled.isEmpty {
            let names = filled.map(\.rawValue).joined(separator: " and ")
            let how = labels.isEmpty ? "disjoint" : "disjoint and stratified by class"
            notes.append(
                "\(names) carved out of the \(pool.count.grouped) training rows: \(how), seed \(request.seed)"
            )
        }
        notes += PartRemarks(parts: parts, keys: keys, classes: classes, labels: labels).notes(
            carvedFrom: carved.isEmpty ? [] : pool)
        var unused: [String] = []
        for split in Split.allCases where declared.contains(split) && split != .train {
            let left = rows.splits.count { $0 == split } - (parts[split]?.count ?? 0)
            if left > 0 && request[split] != nil { unused.append("\(left.grouped) of \(split)") }
        }
        let used = Set(parts.values.joined())
        let left = pool.count { !used.contains($0) }
        if left > 0, request.train != nil { unused.insert("\(left.grouped) of train", at: 0) }
        if !unused.isEmpty { notes.append("rows not used: \(unused.joined(separator: ", "))") }
    }
}
