import Checkpoints
import Compute
import Foundation
import JSON
import Learning
import TestFixtures
import Testing

@testable import Models
@testable import Training

/// Every format of numbers that a checkpoint may hold as a frozen base: kept as stored, and trained beside as beside the
/// floats that it stands for.
@Suite struct StoredBaseTests {
    private static let width = 256

    /// A model's tensors, those of its blocks' layers in one format.
    private struct Made: Checkpoint {
        let names: [String]
        private let stored: [String: StoredTensor]
        var metadata: JSON { [:] }

        func tensor(named name: String) -> StoredTensor? { stored[name] }

        init(_ format: NumberFormat, like model: any LanguageModel) throws {
            let path = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
                .path
            defer { try? FileManager.default.removeItem(atPath: path) }
            var bytes: [UInt8] = []
            var places: [(name: String, shape: [Int], format: NumberFormat, offset: Int)] = []
            for parameter in model.store.parameters {
                let isLayer = model.blockIndex(of: parameter.name) != nil && parameter.shape.count == 2
                places.append((parameter.name, parameter.shape, isLayer ? format : .f32, bytes.count))
                if isLayer {
                    bytes += StoredBaseTests.random(format, count: parameter.count, from: parameter)
                } else {
                    parameter.values().floats.prefix(parameter.count).withUnsafeBytes { bytes += $0 }
                }
                bytes += Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
            }
            try Data(bytes).write(to: URL(filePath: path))
            let file = try MappedFile(path: path)
            names = places.map(\.name)
            stored = Dictionary(
                uniqueKeysWithValues: try places.map {
                    let tensor = try StoredTensor(
                        name: $0.name, shape: $0.shape, format: $0.format, file: file, offset: $0.offset)
                    return ($0.name, tensor)
                })
        }
    }

    /// Where a block's halves lie that its numbers are multiplied by.
    private static let halves: [NumberFormat: [Int]] = [
        .q8_0: [0], .q4_0: [0], .q4_1: [0, 2], .q5_0: [0], .q5_1: [0, 2], .q2_K: [80, 82], .q3_K: [108],
        .q4_K: [0, 2], .q5_K: [0, 2], .q6_K: [208], .iq1_S: [0], .iq2_XXS: [0], .iq2_XS: [0], .iq2_S: [0],
        .iq3_XXS: [0], .iq3_S: [0], .iq4_NL: [0], .iq4_XS: [0], .tq1_0: [52], .tq2_0: [64],
    ]

    /// Any bytes are numbers but for the scales, which make weights of a usual size.
    private static func random(_ format: NumberFormat, count: Int, from parameter: Parameter) -> [UInt8] {
        let floats = Array(parameter.values().floats.prefix(count))
        switch format {
        case .f32: return floats.withUnsafeBytes(Array.init)
        case .f16: return floats.map { Float16($0) }.withUnsafeBytes(Array.init)
        case .bf16: return floats.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes(Array.init)
        case .f64: return floats.map { Double($0) }.withUnsafeBytes(Array.init)
        default: break
        }
        var state = UInt64(count) &+ UInt64(parameter.name.utf8.reduce(7) { $0 * 31 % 1_000_003 + Int($1) })
        let size = format.bytesPerBlock
        var bytes = (0..<count / format.elementsPerBlock * size).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        func scale(by factor: Float) {
            for start in stride(from: 0, to: bytes.count, by: size) {
                for place in halves[format] ?? [] {
                    let half = Float16(factor).bitPattern
                    (bytes[start + place], bytes[start + place + 1]) = (UInt8(half & 255), UInt8(half >> 8))
                }
                if format == .mxfp4 { bytes[start] = 121 }
                if format == .nvfp4 { for group in 0..<4 { bytes[start + group] = 5 } }
                // Its half lies four bits by four bits in four places.
                if format == .iq1_M {
                    let half = Float16(factor).bitPattern
                    for piece in 0..<4 {
                        let upper = UInt8(half >> (4 * piece) & 15) << 4
                        bytes[start + 49 + 2 * piece] = bytes[start + 49 + 2 * piece] & 15 | upper
                    }
                }
            }
        }
        scale(by: 0.01)
        var values = [Float](repeating: 0, count: count)
        format.expand(bytes, into: &values, count: count)
        let size2 = values.reduce(0) { $0 + $1 * $1 } / Float(count)
        scale(by: 0.01 * 0.05 / size2.squareRoot())
        return bytes
    }

    private static let formats = NumberFormat.allCases.filter { !$0.isWhole }

    /// LLaMA's layers lie output by output, GPT-2's input by input.
    @Test(arguments: formats, ["llama", "gpt2"])
    func tenStepsEqualThoseBesideTheSameFloats(format: NumberFormat, family: String) throws {
        try BLAS.prepare()
        let file = URL(filePath: GoldenFiles.model(family)).appending(path: "config.json")
        var json = try #require(JSON(parsing: Data(contentsOf: file)).object)
        let sizes: [String: Int] =
            family == "gpt2"
            ? ["n_embd": Self.width, "n_head": 4, "n_layer": 1]
            : ["hidden_size": Self.width, "intermediate_size": 512, "num_hidden_layers": 1, "head_dim": 64]
        for (key, size) in sizes { json[key] = .integer(size) }
        let shape = try ModelRegistry.randomModel(config: .object(json), seed: 5)
        let made = try #require(ModelRegistry.family(named: family))
        let store = ParameterStore(
            try Made(format, like: shape), naming: ReferenceNaming(prefix: shape.taskPrefix),
            precision: .native)
        let model = try made.make(shape.config, store)
        let weights = model.linears.map(\.weight)
        #expect(weights.allSatisfy { $0.isPanelled && $0.stored?.format == format })
        let values = weights.flatMap { $0.values().floats.prefix($0.count) }
        let deviation = (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
        #expect((0.01...0.2).contains(deviation), "\(deviation)")
        let examples = QuantisedBaseTests.examples(of: model)
        let found = try QuantisedBaseTests.losses(model, QuantisedBaseTests.lora(model), steps: 10, examples)
        let wanted = try QuantisedBaseTests.losses(
            model, QuantisedBaseTests.onFloats(QuantisedBaseTests.lora(model), of: model), steps: 10, examples
        )
        let error = zip(found, wanted).map { abs($0 - $1) / $1 }.max() ?? 1
        #expect(found.count == 10 && error < 1e-5, "\(error)")
        // It is held as stored before and after: the layers take no more than their bytes in the file.
        #expect(weights.allSatisfy { $0.heldByteCount == $0.stored?.byteCount })
    }
}
