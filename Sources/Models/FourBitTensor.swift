import Checkpoints
import Compute
import Diagnostics
import JSON
import Learning

/// A weight in bitsandbytes' four bits as a checkpoint holds it: its codes, and beside them tensors of scales and
/// tables, and a JSON text of what else is needed (`QuantState.as_dict`).
struct FourBitTensor {
    private let codes: StoredTensor
    private let checkpoint: any Checkpoint
    private let kind: FourBitKind
    private let state: JSON

    private static func stateName(of name: String, _ kind: FourBitKind) -> String {
        "\(name).quant_state.bitsandbytes__\(kind.rawValue)"
    }

    private static let scales = "absmax", table = "quant_map"
    private static let nestedScales = "nested_absmax", nestedTable = "nested_quant_map"

    /// Tensors that belong to a weight, where it is quantised.
    static func companions(of name: String) -> [String] {
        [scales, table, nestedScales, nestedTable].map { "\(name).\($0)" }
            + FourBitKind.allCases.map { stateName(of: name, $0) }
    }

    /// How many values a tensor of quantised ones stands for; nil for any other tensor.
    static func valueCount(of tensor: StoredTensor, in checkpoint: any Checkpoint) -> Int? {
        let isQuantised = FourBitKind.allCases.contains {
            checkpoint.tensor(named: stateName(of: tensor.name, $0)) != nil
        }
        return isQuantised ? 2 * tensor.byteCount : nil
    }

    /// Every key of the JSON text.
    private static let decisions = KeyDecisions(
        "quant_state",
        [
            "quant_type": .used, "blocksize": .used, "dtype": .used, "shape": .used,
            "nested_blocksize": .used, "nested_offset": .used,
            "nested_dtype": .only(["float32"], "scales of scales in float32 are"),
        ], binding: ["nested_dtype"])

    /// Nil for a tensor that is not quantised so.
    ///
    /// - Throws: `bad-tensor` where its state cannot be read; `unsupported-key`.
    init?(_ tensor: StoredTensor, in checkpoint: any Checkpoint) throws {
        let states = FourBitKind.allCases.compactMap { kind in
            checkpoint.tensor(named: Self.stateName(of: tensor.name, kind)).map { (kind, $0) }
        }
        guard let (kind, state) = states.first else { return nil }
        (codes, self.checkpoint, self.kind) = (tensor, checkpoint, kind)
        guard state.format == .u8, let start = state.start, state.elementCount < 1 << 20,
            let parsed = try? withExtendedLifetime(
                state.file,
                { try JSON(parsing: UnsafeRawBufferPointer(start: start, count: state.elementCount)) })
        else { throw Self.bad(state, "is no JSON text") }
        self.state = parsed
        try Self.decisions.check(parsed)
        guard parsed["quant_type"]?.string == kind.rawValue else {
            throw Self.bad(state, "says quant_type \(parsed["quant_type"]?.text().prefix(60) ?? "nothing")")
        }
    }

    /// - `shape`: as the model has it; what a Conv1D's quantised values belong to is the transposed matrix.
    /// - Throws: `bad-tensor`, `wrong-shape`.
    func weights(_ shape: [Int], _ place: ParameterStore.Kind) throws -> FourBitWeights {
        let liesTransposed = if case .linear(.inByOut) = place { true } else { false }
        let wanted = liesTransposed ? shape.reversed() : shape
        let found = (state["shape"]?.array ?? []).compactMap(\.integer)
        guard found == wanted, shape.count == 2 else {
            throw Diagnostic(
                "wrong-shape", "tensor \(codes.name) has the shape \(found), expected \(Array(wanted))",
                hint: "do config and weights belong together?")
        }
        let block = try count("blocksize", among: [32, 64, 128, 256, 512, 1024, 2048, 4096])
        let count = shape.reduce(1, *)
        guard codes.byteCount == (count + 1) / 2 else {
            throw Self.bad(
                codes, "has \(codes.byteCount) bytes, \(count) values of four bits need \((count + 1) / 2)")
        }
        let table = try floats(Self.table, count: 16)
        guard zip(table, kind.table).allSatisfy({ abs($0 - $1) < 1e-6 }) else {
            throw Self.bad(codes, "has a \(Self.table) that is not \(kind.displayName)'s")
        }
        return FourBitWeights(
            shape: shape, liesTransposed: liesTransposed, kind: kind, codes: .file(codes),
            scales: try scales(count: (count + block - 1) / block), blockSize: block, rounding: try rounding,
            tensor: codes)
    }

    private func scales(count: Int) throws -> FourBitScales {
        guard checkpoint.tensor(named: "\(codes.name).\(Self.nestedScales)") != nil else {
            return FourBitScales(try floats(Self.scales, count: count))
        }
        let stored = try companion(Self.scales)
        guard stored.format == .u8, stored.elementCount == count else {
            throw Self.bad(stored, "is \(stored.format.displayName) \(stored.shape), expected U8 [\(count)]")
        }
        guard let offset = state["nested_offset"]?.number, offset.isFinite else {
            throw Self.bad(codes, "has no nested_offset in its state")
        }
        let block = try self.count("nested_blocksize", among: [32, 64, 128, 256, 512, 1024, 2048, 4096])
        return FourBitScales(
            codes: stored.floats().map { UInt8($0) }, map: try floats(Self.nestedTable, count: 256),
            nested: try floats(Self.nestedScales, count: (count + block - 1) / block), block: block,
            offset: Float(offset))
    }

    /// What the reference makes of dequantised values: the type that was quantised.
    private var rounding: NumberFormat {
        get throws {
            let known: [String: NumberFormat] = ["float32": .f32, "float16": .f16, "bfloat16": .bf16]
            guard let name = state["dtype"]?.string, let format = known[name] else {
                throw Self.bad(
                    codes, "has no dtype in its state that is supported: float32, float16, bfloat16")
            }
            return format
        }
    }

    private func count(_ key: String, among allowed: [Int]) throws -> Int {
        guard let found = state[key]?.integer, allowed.contains(found) else {
            throw Self.bad(
                codes,
                "has the \(key) \(state[key]?.text().prefix(60) ?? "missing"), expected one of \(allowed)")
        }
        return found
    }

    private func companion(_ name: String) throws -> StoredTensor {
        guard let found = checkpoint.tensor(named: "\(codes.name).\(name)") else {
            throw Diagnostic(
                "missing-tensor", "the checkpoint has no tensor \(codes.name).\(name)",
                hint: "a weight in four bits needs it: is the file whole?")
        }
        return found
    }

    private func floats(_ name: String, count: Int) throws -> [Float] {
        let tensor = try companion(name)
        guard tensor.format == .f32, tensor.elementCount == count else {
            throw Self.bad(tensor, "is \(tensor.format.displayName) \(tensor.shape), expected F32 [\(count)]")
        }
        try tensor.requireFinite()
        return tensor.floats()
    }

    private static func bad(_ tensor: StoredTensor, _ what: String) -> Diagnostic {
        Diagnostic("bad-tensor", "\(tensor.file.name): tensor \(tensor.name.suffix(120)) \(what)")
    }

    // MARK: - Making

    /// A parameter's values in four bits.
    ///
    /// - Throws: `not-finite` where one is no number.
    static func made(of parameter: Parameter, _ place: ParameterStore.Kind) throws -> Parameter {
        let transposes = if case .linear(.inByOut) = place { true } else { false }
        guard let weights = FourBitWeights(quantising: parameter.source, transposes: transposes) else {
            throw parameter.stored?.notFinite
                ?? Diagnostic("not-finite", "\(parameter.name) holds NaN or infinite values")
        }
        parameter.source.releasePages()
        return Parameter(name: parameter.name, storage: weights)
    }
}
