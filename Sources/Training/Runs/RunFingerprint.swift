import Compute
import Crypto
import Datasets
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import System

/// What a run is known by: SHA-256 over everything that its bytes depend on.
///
/// Workers and names are no part of it; precision, the processor's instruction set and OpenBLAS's kernels are.
package struct RunFingerprint: Sendable, Hashable, Codable {
    /// Raised when the same settings give other bytes than before, and only then.
    package static let currentEngine = 1

    package var engine = RunFingerprint.currentEngine
    /// Instruction set and kernels: `avx512 SkylakeX`.
    package var processor = Processor.kind
    /// Of all weights as they are stored.
    package var model: String
    /// Of the encoded examples, in order.
    package var examples: String
    /// Of the first values of what is trained.
    package var start: String
    /// Of the settings, without what changes no byte.
    package var settings: String

    /// In hexadecimal; equal for equal runs.
    package var identity: String {
        let parts = ["\(engine)", processor, model, examples, start, settings]
        return hexadecimal(of: SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)))
    }

    /// - `horizon`: the steps over which the schedule goes; `model`: its own hash, see `ModelHash`.
    /// - `start`: all values that the run begins with, the optimizer's included; `trained`: what it changes.
    package init(
        _ settings: RunSettings, horizon: Int, model: String, examples: String, start: [NamedTensor],
        trained: [Parameter]
    ) throws {
        (self.model, self.examples) = (model, examples)
        self.start = Self.hash(of: start)
        self.settings = try Self.hash(of: settings, horizon: horizon, trained: trained)
    }

    // MARK: - Hashes

    package static func hash(of tensors: [NamedTensor]) -> String {
        var digest = SHA256()
        for tensor in tensors {
            digest.update(data: Data("\(tensor.name) \(tensor.shape)\n".utf8))
            tensor.values.withFloats { digest.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        return hexadecimal(of: digest.finalize())
    }

    package static func hash(of examples: [EncodedExample]) -> String {
        var digest = SHA256()
        for example in examples { example.hash(into: &digest) }
        return hexadecimal(of: digest.finalize())
    }

    /// Which layers are meant is told by the parameters that are trained, whatever names were used for them; how
    /// often a run stops on its way, and where, changes no step that it takes.
    package static func hash(
        of settings: RunSettings, horizon: Int, trained: [Parameter]
    ) throws -> String {
        var plain = settings
        (plain.learning.horizon, plain.learning.maxSteps, plain.learning.epochs) = (horizon, nil, 0)
        let declared =
            MethodRegistry.all.first { $0.declaration.name == settings.method.name }?.declaration
        for setting in declared?.settings ?? [] where setting.kind == .layers || setting.kind == .blocks {
            plain.method.settings[setting.name] = nil
        }
        plain.learning.warmup = .steps(settings.learning.warmup.steps(of: horizon))
        // What they lead to is hashed, wherever it came from: first values, weights with their configuration, examples.
        (plain.method.folder, plain.method.ignored, plain.headSeed) = (nil, [], 0)
        plain.method.changes = nil
        if declared?.traits.contains(.drawsInEpochs) != true { plain.method.seed = 0 }
        plain.model = ModelRequest(
            name: "", precision: settings.model.precision, pooling: settings.model.pooling, seed: 0)
        plain.model.headNorm = settings.model.headNorm
        plain.data = DatasetRequest(seed: 0)
        (plain.prompt, plain.instruction, plain.labels, plain.maxLength) = (nil, nil, [], 0)
        let names = trained.map { "\($0.name) \($0.shape)" }.joined(separator: "\n")
        return hexadecimal(of: SHA256.hash(data: try plain.canonical + Data(names.utf8)))
    }
}

extension RunSettings {
    /// The same bytes for equal settings.
    package var canonical: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }
}

extension OptimizerSnapshot {
    package var namedTensors: [NamedTensor] {
        tensors.map { NamedTensor(name: $0.name, shape: [$0.values.count], values: $0.values) }
    }
}

extension EncodedExample {
    /// Everything that a step depends on.
    fileprivate func hash(into digest: inout SHA256) {
        digest.update(rows.count)
        digest.update(truth)
        for row in rows {
            digest.update(row.ids)
            digest.update(row.segments)
            digest.update(row.promptCount)
            digest.update(Int(truncatingIfNeeded: row.identity))
            digest.update(row.learned.count)
            for learned in row.learned {
                digest.update(learned.place)
                digest.update(learned.target)
                digest.update(Int(learned.weight.bitPattern))
            }
        }
    }
}

extension SHA256 {
    fileprivate mutating func update(_ value: Int) {
        withUnsafeBytes(of: Int64(value).littleEndian) { update(bufferPointer: $0) }
    }

    fileprivate mutating func update(_ values: [Int32]) {
        update(values.count)
        values.withUnsafeBytes { update(bufferPointer: $0) }
    }

    fileprivate mutating func update(_ target: Target?) {
        switch target {
        case .label(let label):
            update(1)
            update(label)
        case .value(let value):
            update(2)
            update(Int(value.bitPattern))
        case nil: update(0)
        }
    }
}
