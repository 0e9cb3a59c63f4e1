import Compute
import Diagnostics
import Display
import Language
import Learning
import Models
import Training

/// Whether there is room for what a trainer will need, and what would need less.
struct MemoryCheck {
    let estimate: MemoryEstimate
    private let trainer: Trainer
    private let keepsBest: Bool
    private let workers: Int
    private let available: Int?
    private let limit: Int?
    private let model: LoadedModel?
    /// Whether the verb has the keys that the advice would name.
    private let isOfTrain: Bool
    /// Whether the run has its settings, which only another one could have otherwise.
    private let isResumed: Bool

    /// - `isOfTrain`: whether `train` asks, which has more keys than others; `isResumed`: whether `resume` does.
    init(
        of trainer: Trainer, keepsBest: Bool = false, isOfTrain: Bool = true, isResumed: Bool = false,
        in context: Context
    ) {
        (self.trainer, self.keepsBest) = (trainer, keepsBest)
        (self.isOfTrain, self.isResumed) = (isOfTrain, isResumed)
        (workers, limit) = (context.workers.count, context.state.settings.memoryLimit)
        (available, model) = (SystemMemory.available, context.state.engine.model)
        estimate = MemoryEstimate(of: trainer, workers: workers, keepsBest: keepsBest)
    }

    /// Before the optimizer's state is taken, which is a large part of it.
    ///
    /// - `trained`: values that are to be trained.
    static func checkBeginning(trained: Int, in context: Context) throws {
        let least = 2 * MemoryLayout<Float>.size * trained
        let limit = context.state.settings.memoryLimit
        guard let room = [limit, SystemMemory.available].compactMap({ $0 }).min(), least > room else {
            return
        }
        throw problem(
            "at least \(text(least))", room: room,
            advice: lighter(than: trained, on: context.state.engine.model).map {
                [
                    "\($0.name) trains \(NumberStyle.automatic.text(Double($0.count))) values of \(NumberStyle.automatic.text(Double(trained)))"
                ]
            } ?? [])
    }

    /// - Throws: `no-memory` when it would not fit.
    func check() throws {
        let total = estimate.total
        // The optimizer's part is taken already.
        let isTight = available.map { total - estimate.optimizer > $0 } ?? false
        guard isTight || limit.map({ total > $0 }) ?? false else { return }
        let room = [limit, available.map { $0 + estimate.optimizer }].compactMap { $0 }.min() ?? 0
        throw Self.problem(
            "about \(Self.text(total))", room: room, advice: isResumed ? adviceForAnother : advice)
    }

    private static func problem(_ need: String, room: Int, advice: [String]) -> Diagnostic {
        Diagnostic(
            "no-memory", "training needs \(need), \(text(room)) are free",
            hint: advice.isEmpty ? nil : advice.joined(separator: "; "))
    }

    private static func text(_ bytes: Int) -> String { NumberStyle.bytes.text(Double(bytes)) }

    // MARK: - What would help

    /// What brings it down by a twentieth at least, that which helps most first: `lora needs 310 MB`.
    private var advice: [String] {
        var remedies: [(name: String, total: Int)] = []
        func add(_ name: String, _ change: MemoryEstimate.Change) {
            let changed = MemoryEstimate(
                of: trainer, workers: workers, keepsBest: keepsBest, changed: change)
            remedies.append((name, changed.total))
        }
        if estimate.best > 0 { remedies.append(("keep=last_only", estimate.total - estimate.best)) }
        let trained = trainer.trainedParameters.reduce(0) { $0 + $1.count }
        if let lighter = Self.lighter(than: trained, on: model) {
            add(lighter.name, .init(adapters: lighter.count))
        }
        if trainer.settings.checkpointing != true { add("checkpointing=yes", .init(checkpointing: true)) }
        let longest = trainer.examples.map { $0.rows.map(\.ids.count).max() ?? 0 }.max() ?? 0
        for length in [longest / 2, longest / 4].map({ $0 / 8 * 8 }) where length >= 8 {
            // Where the verb has no such key, load has.
            add("\(isOfTrain ? "" : "load with ")max_length=\(length)", .init(longest: length))
        }
        if trainer.settings.batch > 1 {
            let half = trainer.settings.batch / 2
            add("batch=\(half)", .init(batch: half))
        }
        let held = Self.expandedBytes(of: trainer.model)
        if held > 0 { remedies.append(("model with precision=native", estimate.total - held)) }
        return remedies.filter { $0.total < estimate.total - estimate.total / 20 }
            .sorted { ($0.total, $0.name) < ($1.total, $1.name) }
            .map { "\($0.name) needs \(Self.text(max(0, $0.total)))" }
    }

    /// A run goes on with the settings that it was begun with: what needs less is a new `train`.
    private var adviceForAnother: [String] {
        let advice = advice
        guard let first = advice.first else { return [] }
        let lead = "a run keeps its settings, and a new train with others needs less"
        return ["\(lead): \(first)"] + advice.dropFirst()
    }

    /// What the base's weights take as floats more than as they are stored.
    private static func expandedBytes(of model: any LanguageModel) -> Int {
        model.store.parameters.reduce(0) { sum, parameter in
            guard let stored = parameter.stored, parameter.buffer?.isOwned == true else { return sum }
            return sum + max(0, parameter.heldByteCount - stored.byteCount)
        }
    }

    /// What is usual for the model in place of the method at hand, where that trains far less.
    private static func lighter(than trained: Int, on model: LoadedModel?) -> (name: String, count: Int)? {
        guard let loaded = model, trained > loaded.model.store.valueCount / 20,
            let tuning = try? MethodRegistry.usual.init().tuning(of: loaded.model, seed: 0)
        else { return nil }
        let count = tuning.trainedParameters.reduce(0) { $0 + $1.count }
        return count < trained / 2 ? (MethodRegistry.usual.declaration.name, count) : nil
    }
}
