import Checkpoints
import Compute
import Diagnostics
import Learning
import Models
import System
import Training

/// Writes a LoRA as llama.cpp loads it beside its base (`--lora`).
///
/// llama.cpp multiplies `B·A` by alpha over the rank, for every layer by the same alpha: what a layer's scale is
/// otherwise goes into its B. Rows of B lie as the base's rows do there.
package struct GGUFAdapter {
    private let loaded: LoadedModel
    private let tuning: Tuning
    private let base: String
    private let probe: LogitProbe

    private var model: any LanguageModel { loaded.model }

    /// - `base`: the base model's name for others.
    package init(_ loaded: LoadedModel, _ tuning: Tuning, base: String, rows: [Row] = []) {
        (self.loaded, self.tuning, self.base) = (loaded, tuning, base)
        probe = LogitProbe(rows, for: loaded.model, under: tuning)
    }

    /// One layer's pair of matrices.
    private struct Layer {
        let linear: Linear
        let name: String
        let lowRank: LoRA
        /// For each of B's rows in the file, its own.
        let order: [Int]?
    }

    /// - Throws: as `GGUFModel.write`.
    package func write(to path: String, as type: GGUFType, note: @escaping GGUFModel.Note = { _, _ in })
        throws
        -> GGUFWritten
    {
        guard type == .f32 || type == .f16 else {
            throw Diagnostic(
                "bad-value", "an adapter is written as f32 or f16, not as \(type.rawValue)",
                hint: "its thin matrices are small: type=f16")
        }
        let family = try GGUFModel.family(of: model)
        let layers = try layers(family.naming(model.config))
        guard let alpha = layers.first?.lowRank.config.alpha else {
            throw Self.impossible("no layer is changed")
        }
        let before = try GGUFComparison(probe, of: model, under: tuning) { try note(0, layers.count) }
        let written = alpha > 0 ? alpha : 1
        var writer = GGUFWriter(architecture: family.architecture)
        writer.metadata += header(written, type)
        for (index, layer) in layers.enumerated() {
            let (a, b) = Self.values(of: layer, alpha: written)
            writer.add("\(layer.name).lora_a", shape: a.shape, format: type.format) { sink in
                try PackedRows(a, as: type.format).write(to: sink)
                try note(index, layers.count)
            }
            writer.add("\(layer.name).lora_b", shape: b.shape, format: type.format) { sink in
                try PackedRows(b, as: type.format, order: layer.order).write(to: sink)
            }
        }
        var (comparison, share): (GGUFComparison.Result?, Double) = (nil, 0)
        try writer.write(to: path) { staged in
            let (read, largest) = try readBack(staged, layers, written, type)
            let found = try before.result(of: model, under: read) { try note(layers.count, layers.count) }
            try GGUFModel.require(found, type)
            (comparison, share) = (found, largest)
        }
        guard let comparison else { preconditionFailure("a file was written and not looked at") }
        return GGUFWritten(
            kind: "LoRA adapter of a \(GGUFModel.name(of: family)), as llama.cpp's", type: type,
            byteCount: writer.byteCount, comparison: comparison, tensorShare: share,
            remarks: [
                "it goes on \(base), converted for llama.cpp: --lora there, lora_path= in llama-cpp-python"
            ])
    }

    private func header(_ alpha: Float, _ type: GGUFType) -> GGUFHeader.Pairs {
        let name = base.split(separator: "/").last.map(String.init) ?? base
        let count = tuning.trainedParameters.reduce(0) { $0 + $1.count }
        let own: GGUFHeader.Pairs = [
            ("general.base_model.count", .uint32(1)), ("general.base_model.0.name", .string(name)),
            ("adapter.type", .string("lora")), ("adapter.lora.alpha", .float(alpha)),
        ]
        return GGUFHeader.general("adapter", name: "\(name) LoRA", parameters: count, type: type) + own
    }

    // MARK: - What there is to write

    /// - Throws: `not-in-gguf` for all but plain LoRA on layers that the file has by themselves.
    private func layers(_ naming: any TensorNaming) throws -> [Layer] {
        guard tuning.places == [.linears], tuning.replaced.isEmpty else {
            throw Self.impossible(
                tuning.places.isEmpty || !tuning.replaced.isEmpty
                    ? "tensors of the base's own are changed" : "more than layers is changed")
        }
        return try model.adaptable.compactMap { linear in
            guard let hook = tuning.linears[linear.path] else { return nil }
            guard let low = hook as? any LowRankHook, low.magnitude == nil, hook.constants.isEmpty else {
                throw Self.impossible("what is on \(linear.path) is no plain pair of thin matrices")
            }
            if let tied = model.tiedTable, "\(linear.path).weight" == tied.head {
                throw Self.impossible("the head is tied to the words' table")
            }
            let weight = "\(linear.path).weight"
            return Layer(
                linear: linear, name: naming.candidates(for: weight)[0], lowRank: low.lowRank,
                order: naming.rowOrder(for: weight, rows: linear.outputs).map(GGUFTensor.inverse))
        }
    }

    private static func impossible(_ why: String) -> Diagnostic {
        Diagnostic(
            "not-in-gguf", "llama.cpp's adapters are plain LoRA, and here \(why)",
            hint: "leave adapter=yes out: what is attached is then merged into the whole model")
    }

    /// A, and B with what the layer's scale has beyond alpha over rank.
    private static func values(of layer: Layer, alpha: Float) -> (a: DenseWeights, b: DenseWeights) {
        let low = layer.lowRank
        let factor = low.config.scale * Float(low.config.r) / alpha
        let b = low.b.dense().copy()
        if factor != 1 { for index in 0..<b.count { b.pointer[index] *= factor } }
        return (
            DenseWeights(shape: low.a.shape, values: low.a.dense()),
            DenseWeights(shape: low.b.shape, values: b)
        )
    }

    // MARK: - Reading back

    /// The adapter that the file holds, and the largest share by which a tensor differs.
    private func readBack(
        _ path: String, _ layers: [Layer], _ alpha: Float, _ type: GGUFType
    ) throws -> (tuning: Tuning, share: Double) {
        let file = try GGUFFile(path: path)
        guard file.metadata["adapter.lora.alpha"]?.number.map(Float.init) == alpha,
            file.names.count == 2 * layers.count
        else { throw differs("its header") }
        var read = Tuning(reach: .embeddings)
        var largest = 0.0
        for layer in layers {
            guard let a = file.tensor(named: "\(layer.name).lora_a"),
                let b = file.tensor(named: "\(layer.name).lora_b")
            else { throw differs(layer.name) }
            let places = layer.order.map(GGUFTensor.inverse)
            let found = (a: StoredWeights(a), b: StoredWeights(b, order: places))
            let own = Self.values(of: layer, alpha: alpha)
            for (one, other) in [(own.a, found.a), (own.b, found.b)] {
                guard one.shape == other.shape else { throw differs(layer.name) }
                let difference = WeightDifference(one, other)
                guard difference.isExplained(by: type.format) else { throw differs(layer.name) }
                largest = max(largest, difference.share)
            }
            var config = LoRAConfig()
            (config.r, config.alpha, config.dropout) = (layer.lowRank.config.r, alpha, 0)
            read.linears[layer.linear.path] = LoRA(
                path: layer.linear.path, a: found.a.floats().copy(), b: found.b.floats().copy(),
                config: config)
        }
        return (read, largest)
    }

    private func differs(_ what: String) -> Diagnostic {
        Diagnostic(
            "not-the-same", "\(what), read back, is not what was written; nothing was written",
            hint: "please report this with the model's name")
    }
}
