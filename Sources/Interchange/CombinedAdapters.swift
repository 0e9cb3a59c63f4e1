import Compute
import Diagnostics
import Learning
import Models
import Training

/// Several LoRA adapters on one base made into one, as PEFT's `add_weighted_adapter` makes it.
package struct CombinedAdapters {
    /// In what the changes are combined.
    package enum Space: Sendable {
        /// In A and B apart: rough, and as small as each is.
        case factors
        /// One below the other: exact, and as large as all together.
        case concatenated
        /// In the weight's changes, and of the outcome the largest singular values: exact up to these.
        case singular(rank: Int?)
    }

    private let interruption: Interruption?
    private let adapters: [(name: String, weight: Double, opened: OpenedAdapter, tuning: Tuning)]
    private let model: any LanguageModel
    private let space: Space
    private let combination: Combination

    /// - `folders`: of the adapters, each with its weight.
    /// - Throws: what opening them brings up; `not-combined` for those that cannot be one.
    package init(
        _ folders: [(path: String, weight: Double)], for model: any LanguageModel, in space: Space,
        by combination: Combination, interruption: Interruption? = nil
    ) throws {
        (self.model, self.space, self.combination) = (model, space, combination)
        self.interruption = interruption
        adapters = try folders.map { folder in
            let opened = try OpenedAdapter(folder: folder.path, for: model)
            return (folder.path, folder.weight, opened, try opened.tuning(of: model, seed: 0))
        }
        for adapter in adapters {
            let hooks = adapter.tuning.linears.values.map { $0 as? any LowRankHook }
            guard adapter.tuning.places.isSubset(of: [.linears]), adapter.tuning.replaced.isEmpty,
                hooks.allSatisfy({
                    $0.map { $0.magnitude == nil && !$0.lowRank.config.initialisation.lessensBase } ?? false
                })
            else {
                throw Diagnostic(
                    "not-combined",
                    "\(adapter.name) is no plain LoRA on linear layers alone (\(adapter.opened.summary)): DoRA, PiSSA, tables, biases and other methods cannot be added up",
                    hint: "name adapters of lora as it is by default")
            }
        }
        if case .factors = space {
            let ranks = Set(
                adapters.flatMap {
                    $0.tuning.linears.values.compactMap { ($0 as? any LowRankHook)?.lowRank.config.r }
                })
            guard ranks.count < 2 else {
                throw Diagnostic(
                    "not-combined",
                    "the adapters' ranks are \(ranks.sorted().map(String.init).joined(separator: " and ")): A and B cannot be added up",
                    about: "how", hint: "write how=svd or how=cat")
            }
        }
    }

    /// The one adapter, whose scale is 1.
    package func tuning() throws -> Tuning {
        let paths = model.adaptable.filter { linear in
            adapters.contains { $0.tuning.linears[linear.path] != nil }
        }
        var tuning = Tuning(reach: model.reach(of: paths.map(\.path)))
        for linear in paths {
            let parts = adapters.compactMap { adapter in
                (adapter.tuning.linears[linear.path] as? any LowRankHook).map {
                    (hook: $0.lowRank, weight: adapter.weight)
                }
            }
            try interruption?.check()
            tuning.linears[linear.path] = try combined(parts, on: linear)
        }
        tuning.groups = [ParameterGroup(paths.compactMap { tuning.linears[$0.path] }.flatMap(\.parameters))]
        return tuning
    }

    private func combined(_ parts: [(hook: LoRA, weight: Double)], on linear: Linear) throws -> LoRA {
        let (inputs, outputs) = (linear.inputs, linear.outputs)
        func adapter(a: [Float], b: [Float], rank: Int) -> LoRA {
            var config = LoRAConfig()
            (config.r, config.alpha, config.dropout) = (rank, Float(rank), 0)
            return LoRA(path: linear.path, a: Buffer(a), b: Buffer(b), config: config)
        }
        let first = parts.map { Array($0.hook.a.dense().floats.prefix($0.hook.a.count)) }
        let second = parts.map { Array($0.hook.b.dense().floats.prefix($0.hook.b.count)) }
        let scales = parts.map { $0.weight * Double($0.hook.config.scale) }
        let ranks = parts.map(\.hook.config.r)
        switch space {
        case .factors:
            // The sign goes to one side alone: else two minuses would cancel.
            let roots = scales.map { Float(abs($0).squareRoot()) }
            let signed = zip(scales, roots).map { $0 < 0 ? -$1 : $1 }
            return adapter(
                a: combination.combined(first, weights: signed, at: "\(linear.path) A"),
                b: combination.combined(second, weights: roots, at: "\(linear.path) B"), rank: ranks[0])
        case .concatenated:
            let rank = ranks.reduce(0, +)
            var b = [Float](repeating: 0, count: outputs * rank)
            var start = 0
            for (values, own) in zip(second, ranks) {
                for row in 0..<outputs {
                    for column in 0..<own { b[row * rank + start + column] = values[row * own + column] }
                }
                start += own
            }
            let a = zip(first, scales).flatMap { values, scale in values.map { $0 * Float(scale) } }
            return adapter(a: a, b: b, rank: rank)
        case .singular(let wanted):
            let changes = zip(zip(first, second), parts).map { factors, part -> [Float] in
                let change = Buffer(zeros: outputs * inputs)
                let values = LinearValues(
                    weight: change, bias: nil, layout: .outByIn, inputs: inputs, outputs: outputs)
                return Array((part.hook.merged(values)?.weight ?? change).floats.prefix(outputs * inputs))
            }
            let sum = combination.combined(changes, weights: parts.map { Float($0.weight) }, at: linear.path)
            let rank = min(wanted ?? ranks.max() ?? 1, inputs, outputs)
            let factors = try LowRankFactors(
                nearestTo: Buffer(sum), rows: outputs, columns: inputs, rank: rank, isUnique: false)
            return adapter(a: factors.right.floats, b: factors.left.floats, rank: rank)
        }
    }

    /// Writes it as PEFT's, and reads it back.
    ///
    /// - Throws: `not-combined`; what writing brings up, and an earlier folder then stays as it was.
    package func write(to folder: String, of loaded: LoadedModel) throws -> TunedModel.Written {
        let (tuning, head) = (try tuning(), try head())
        let all = adapters.map(\.opened.notes)
        var notes = SharingNotes(method: LowRankMethod.declaration.name)
        let known = all.compactMap(\.self)
        (notes.model, notes.base) = (loaded.name, adapters[0].opened.config.baseModel ?? loaded.name)
        notes.pooling = head?.pooling
        notes.labels = adapters[0].opened.head?.labels ?? known.first?.labels ?? []
        (notes.template, notes.instruction) = (known.first?.template, known.first?.instruction)
        notes.maxLength = known.compactMap(\.maxLength).max()
        notes.seen = all.reduce(into: SeenTexts()) { $0.add($1?.seen ?? .unknown) }
        try requireAlike(known.map { $0.template }, "prompt=")
        try requireAlike(known.map { $0.instruction }, "instruction=")
        let probe = LogitProbe(for: model)
        let difference = try SavedAdapter(model, tuning, as: LoRAFormat.self, head: head, notes: notes)
            .write(to: folder, probe: probe)
        let count = (tuning.trainedParameters + (head?.parameters ?? [])).reduce(0) { $0 + $1.count }
        return TunedModel.Written(
            kind: "LoRA adapter, as PEFT's", count: count, difference: difference,
            compared: probe.rows.count,
            remarks: Set(adapters.compactMap(\.opened.baseDifference?.remark)).sorted())
    }

    /// - Throws: `not-combined` where notes say different things, and all say one.
    private func requireAlike(_ values: [String?], _ what: String) throws {
        let known = Set(values.compactMap(\.self)).sorted()
        guard known.count > 1 else { return }
        throw Diagnostic(
            "not-combined", "the adapters were trained with \(what) \(known.joined(separator: " and "))",
            hint: "name adapters of one task")
    }

    /// The heads' weighted mean, where each has one of the same classes in the same order; nil where none has.
    ///
    /// - Throws: `not-combined` where some have one, or others' classes.
    package func head() throws -> ClassificationHead? {
        let heads = adapters.map(\.opened.head)
        if let masked = adapters.first(where: { $0.opened.maskedHead != nil }) {
            throw Diagnostic(
                "not-combined",
                "\(masked.name) brings a head that fills masks in, and two of those are not made one here",
                hint: "merge each into its model, or name adapters of a base that has such a head")
        }
        guard heads.contains(where: { $0 != nil }) else { return nil }
        if let without = adapters.first(where: { $0.opened.head == nil }) {
            throw Diagnostic(
                "not-combined", "\(without.name) has no classifier, and others have one",
                hint: "name adapters that were saved after their training")
        }
        guard let first = heads[0],
            heads.allSatisfy({ $0?.classes == first.classes && $0?.labels == first.labels })
        else {
            throw Diagnostic(
                "not-combined", "the adapters' classifiers are not for the same classes in the same order",
                hint: "name adapters of one task")
        }
        guard heads.allSatisfy({ $0?.normKind == nil }) else {
            throw Diagnostic(
                "not-combined",
                "a batch norm stands before a classifier of them, whose statistics belong to one adapter alone",
                hint: "train the adapters without head.norm=batch after model")
        }
        try requireAlike(adapters.map { $0.opened.notes?.pooling?.rawValue }, "pooling")
        let notes = adapters[0].opened.notes
        let pooling = notes?.pooling ?? model.defaultPooling
        let head = ClassificationHead(
            for: model, classes: first.classes, pooling: pooling,
            usesPooler: pooling == .cls && model.pooler != nil, seed: 0)
        let total = adapters.reduce(0) { $0 + $1.weight }
        guard abs(total) > 0.05 * adapters.reduce(0, { $0 + abs($1.weight) }) else {
            throw Diagnostic(
                "not-combined", "the weights nearly cancel each other out, and the classifiers have no mean",
                about: "weights", hint: "write weights that add up to more")
        }
        for (place, parameter) in head.parameters.enumerated() {
            let values = parameter.writable()
            for index in 0..<parameter.count { values.pointer[index] = 0 }
            for (saved, adapter) in zip(heads, adapters) {
                let own = place == 0 ? saved?.weight.floats() : saved?.bias?.floats()
                for (index, value) in (own ?? []).enumerated() {
                    values.pointer[index] += Float(adapter.weight / total) * value
                }
            }
        }
        return head
    }
}
