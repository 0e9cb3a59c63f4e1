import Compute
import Learning
import Models
import Synchronization

/// What lies below the lowest trained block is the same in every epoch: its output is kept for
/// each row, as far as the memory set aside for it goes.
///
/// A row's states are the same bytes in whatever share they are computed, so that how much is kept, which
/// free memory decides, changes nothing of a run.
final class TrunkCache: @unchecked Sendable {
    private let model: any LanguageModel
    /// Blocks below the lowest trained one; 0 keeps nothing, as where dropout or noise makes another of them in each step,
    /// or masks are drawn.
    let depth: Int
    let limit: Int
    private let kept = Mutex<(states: [UInt64: Buffer], bytes: Int)>(([:], 0))
    /// Shares that were put together from what is kept, and those that were computed.
    let recalls = Atomic<Int>(0)
    let computations = Atomic<Int>(0)

    /// - `limit`: bytes to keep at most; by default a quarter of what is free.
    /// - `isDrawn`: whether rows are others in each epoch.
    init(model: any LanguageModel, tuning: Tuning, limit: Int? = nil, isDrawn: Bool = false) {
        self.model = model
        let changes = isDrawn || tuning.dropout.reachesBlocks || tuning.noise > 0
        depth = changes ? 0 : Self.blocks(below: tuning.reach, of: model)
        self.limit = limit ?? (SystemMemory.available ?? 4 << 30) / 4
    }

    /// How many blocks lie below the lowest place that a tuning changes.
    static func blocks(below reach: Part, of model: any LanguageModel) -> Int {
        switch reach {
        case .embeddings: 0
        case .block(let index): index
        case .finish, .pooler, .languageHead, .head: model.config.blocks
        }
    }

    /// The last hidden states of a share, (tokens, width), with as little work as its rows allow.
    func hiddenStates(_ share: [Row], _ pass: Pass) throws -> Tensor {
        guard depth > 0 else { return try model.hiddenStates(Tokens(share), pass) }
        var h = try trunk(share, pass)
        for index in depth..<model.config.blocks { h = try model.tuned(index, h, pass) }
        return model.finish(h, pass)
    }

    private func trunk(_ share: [Row], _ pass: Pass) throws -> Tensor {
        if let found = recall(share, rows: pass.layout.rowCount) {
            recalls.add(1, ordering: .relaxed)
            return found
        }
        computations.add(1, ordering: .relaxed)
        let plain = Pass(pass.layout, interruption: pass.interruption)
        var h = try model.embed(Tokens(share), plain)
        for index in 0..<depth { h = try model.block(index, h, plain) }
        keep(h, share, layout: pass.layout)
        return h
    }

    private func recall(_ share: [Row], rows: Int) -> Tensor? {
        let parts = kept.withLock { kept in share.map { kept.states[$0.identity] } }
        guard parts.allSatisfy({ $0 != nil }) else { return nil }
        let width = model.config.width
        let known = parts.reduce(0) { $0 + ($1?.count ?? 0) }
        precondition(known == rows * width, "a trunk of \(known) values for \(rows) × \(width)")
        let joined = Buffer(count: rows * width)
        var row = 0
        for case let part? in parts {
            (joined.pointer + row * width).update(from: part.pointer, count: part.count)
            row += part.count / width
        }
        return Tensor(rows: rows, columns: width, buffer: joined)
    }

    private func keep(_ h: Tensor, _ share: [Row], layout: Layout) {
        let width = model.config.width
        for (index, row) in share.enumerated() {
            let rows = layout.rows(of: index)
            let bytes = rows.count * width * 4
            let hasRoom = kept.withLock { kept -> Bool in
                guard kept.states[row.identity] == nil, kept.bytes + bytes <= limit else { return false }
                kept.bytes += bytes
                return true
            }
            guard hasRoom else { continue }
            let part = Buffer(count: rows.count * width)
            part.pointer.update(from: h.pointer + rows.lowerBound * width, count: part.count)
            kept.withLock { $0.states[row.identity] = part }
        }
    }
}
