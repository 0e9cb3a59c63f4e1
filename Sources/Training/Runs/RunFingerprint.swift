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
    ///
    /// 2: rates of parts, of LoRA+ and of layers are kept over freeze and unfreeze.
    /// 3: a decoder reads a line break between two texts where its tokenizer puts nothing there.
    package static let currentEngine = 3

    package private(set) var engine = RunFingerprint.currentEngine
    /// Instruction set, kernels and their library: `avx512 SkylakeX, OpenBLAS 0.3.21, Linux`.
    package private(set) var processor = Processor.kind
    /// The processor that it was begun on, where `anyway=yes` went on with it on another; nil where none did.
    private var begun: String?
    /// Of all weights as they are stored.
    package var model: String
    /// Of the encoded examples, in order.
    package var examples: String
    /// Of the first values of what is trained, of what rests and of what the optimizer keeps.
    package var start: String
    /// Of what the method stands on and never trains; nil in runs of engine 1.
    package var fixed: String?
    /// Of the settings, without what changes no byte.
    package var settings: String
    /// Of the encoded validation examples, nil without any: they change no byte, but what an epoch is said to be worth.
    package var validation: String?

    /// In hexadecimal; equal for equal runs, and the same from a run's beginning to its end.
    package var identity: String {
        let parts =
            ["\(engine)", begun ?? processor, model, examples, start, settings] + [fixed].compactMap(\.self)
        return hexadecimal(of: SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)))
    }

    /// Whether this program's hashes of it can be compared with these: another engine's may be of another form.
    package var isOfThisEngine: Bool { engine == Self.currentEngine }

    /// The same run, whose bytes are this processor's from here on.
    var goneOnWithHere: RunFingerprint {
        guard processor != Processor.kind else { return self }
        var other = self
        (other.begun, other.processor) = (begun ?? processor, Processor.kind)
        return other
    }

    /// - `horizon`: the steps over which the schedule goes; `model`: its own hash, see `ModelHash`.
    /// - `start`: all values that the run begins with, the optimizer's included; `fixed`: what it stands on besides.
    /// - `groups`: what it changes, and how; `validation`: the hash of those examples.
    package init(
        _ settings: RunSettings, horizon: Int, model: String, examples: String, start: [NamedTensor],
        fixed: [NamedTensor] = [], groups: [ParameterGroup], validation: String? = nil
    ) throws {
        (self.model, self.examples, self.validation) = (model, examples, validation)
        (self.start, self.fixed) = (Self.hash(of: start), Self.hash(of: fixed))
        self.settings = try Self.hash(of: settings, horizon: horizon, groups: groups)
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

    /// Which layers are meant, and which rates they have, is told by the groups of parameters that are trained, whatever
    /// names were used for them; how often a run stops on its way, and where, changes no step that it takes, and no more
    /// does what it is judged by, how classes are scored then, what ends it early or which of its weights are kept.
    package static func hash(
        of settings: RunSettings, horizon: Int, groups: [ParameterGroup]
    ) throws -> String {
        var plain = settings
        (plain.learning.horizon, plain.learning.maxSteps, plain.learning.epochs) = (horizon, nil, 0)
        let declared =
            MethodRegistry.all.first { $0.declaration.name == settings.method.name }?.declaration
        for setting in declared?.settings ?? [] where [.layers, .blocks, .perLayer].contains(setting.kind) {
            plain.method.settings[setting.name] = nil
        }
        // Where it counts, it is the method's own seed below.
        plain.method.settings[MethodDeclaration.seed.name] = nil
        plain.learning.warmup = .steps(settings.learning.warmup.steps(of: horizon))
        // What they lead to is hashed, wherever it came from: first values, weights with their configuration, examples.
        (plain.method.folder, plain.method.ignored, plain.headSeed) = (nil, [], 0)
        (plain.method.changes, plain.learning.rates, plain.learning.judging) = (nil, nil, nil)
        plain.scoring = nil
        // Computed again are the same numbers.
        plain.learning.checkpointing = nil
        if declared?.traits.contains(.drawsInEpochs) != true { plain.method.seed = 0 }
        plain.model = ModelRequest(
            name: "", precision: settings.model.precision, pooling: settings.model.pooling, seed: 0)
        plain.model.headNorm = settings.model.headNorm
        // A model that writes its answers has no classifier to read them.
        if settings.prompt != nil { (plain.model.pooling, plain.model.headNorm) = (nil, nil) }
        plain.data = DatasetRequest(seed: 0)
        (plain.prompt, plain.instruction, plain.labels, plain.maxLength) = (nil, nil, [], 0)
        let trained = groups.flatMap { group in
            group.parameters.map {
                "\($0.name) \($0.shape) \(group.rate.bitPattern) \(group.decays) \(group.rests)"
            }
        }
        return hexadecimal(
            of: SHA256.hash(data: try plain.canonical + Data(trained.joined(separator: "\n").utf8)))
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
