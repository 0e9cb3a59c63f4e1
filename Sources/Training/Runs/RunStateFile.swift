import Checkpoints
import Compute
import Crypto
import Diagnostics
import Foundation
import JSON
import Learning
import System

/// A state as one file: tensors as safetensors has them, all else as JSON in its notes. Whole or absent.
package enum RunStateFile {
    /// 4 has what judging on the way has come to, which 3 did not know; in 5 the epoch of a line may be a share, where 4
    /// had whole numbers at the end of a run that was cut.
    private static let (format, readable) = (5, 3...5)
    private static let (factsNote, sumNote) = ("lorikeet", "sha256")

    /// What is no tensor.
    private struct Facts: Codable {
        var format = RunStateFile.format
        /// Of the run, see `RunFingerprint`.
        let identity: String
        let optimizer: String
        let stepCount: Int
        let start: RunStart
        let earlierSteps, steps: PackedSteps
        let untuned: RunLine?
        let earlierEpochs, epochs: [RunLine]
        let tokens: Int
        @ClockSeconds var seconds: Double
        @ClockSeconds var secondsInEpoch: Double
        let seen: String
        let earlierValidations, validations: [RunLine]?
        let best: BestRecord?
        let waited: Int?
        let ending: RunEnding?
        let spent: ClockSeconds?
    }

    /// - Returns: bytes of the file.
    /// - Throws: `cannot-write`; a file that was there stays.
    @discardableResult
    package static func write(_ state: RunState, identity: String, to path: String) throws -> Int {
        let trainer = state.trainer
        let facts = Facts(
            identity: identity, optimizer: trainer.optimizer.optimizer,
            stepCount: trainer.optimizer.stepCount, start: state.earlier.start,
            earlierSteps: PackedSteps(state.earlier.steps), steps: PackedSteps(trainer.history),
            untuned: state.untuned, earlierEpochs: state.earlier.epochs, epochs: state.epochs,
            tokens: trainer.tokens,
            seconds: trainer.seconds, secondsInEpoch: state.secondsInEpoch, seen: state.seen.json.text(),
            earlierValidations: state.earlier.validations, validations: state.validations,
            best: state.best?.record, waited: state.waited, ending: state.ending,
            spent: ClockSeconds(wrappedValue: state.spent))
        let tensors =
            numbered("weights", trainer.weights) + numbered("optimizer", trainer.optimizer.namedTensors)
            + numbered("best", state.best?.weights ?? [])
        let text = String(decoding: try encoder.encode(facts), as: UTF8.self)
        let notes = [factsNote: text, sumNote: sum(text, tensors)]
        try SafetensorsWriter.write(tensors.map { ($0.name, $0.shape) }, metadata: notes, to: path) {
            index, sink in
            try tensors[index].values.withFloats { try sink(UnsafeRawBufferPointer($0)) }
        }
        return state.byteCount + notes.values.reduce(0) { $0 + $1.utf8.count }
    }

    /// - Throws: `bad-state` when it is another run's, `bad-safetensors` when it is damaged.
    package static func read(_ path: String, identity: String?) throws -> RunState {
        let file = try SafetensorsFile(path: path)
        func bad(_ what: String) -> Diagnostic { Diagnostic("bad-state", "\(path) \(what)") }
        guard let text = file.notes[factsNote] else { throw bad("holds no state of a run") }
        let facts: Facts
        do { facts = try decoder.decode(Facts.self, from: Data(text.utf8)) } catch {
            throw bad("holds a state that cannot be read: \(explained(error))")
        }
        guard readable.contains(facts.format) else {
            throw bad("is of format \(facts.format), this program reads \(readable.lowerBound) to \(format)")
        }
        guard identity == nil || facts.identity == identity else { throw bad("is the state of another run") }
        var tensors: [String: [NamedTensor]] = [:]
        var read: [NamedTensor] = []
        for tensor in file.tensors.sorted(by: { $0.name < $1.name }) {
            let parts = tensor.name.split(separator: "/", maxSplits: 2).map(String.init)
            guard parts.count == 3, tensor.format == .f32 else { throw bad("has the tensor \(tensor.name)") }
            let values = Buffer(tensor.floats())
            read.append(NamedTensor(name: tensor.name, shape: tensor.shape, values: values))
            let named = NamedTensor(name: parts[2], shape: tensor.shape, values: values)
            tensors[parts[0], default: []].append(named)
        }
        guard file.notes[sumNote] == sum(text, read) else { throw bad("is damaged: its SHA-256 is another") }
        let snapshot = OptimizerSnapshot(
            optimizer: facts.optimizer, stepCount: facts.stepCount,
            tensors: (tensors["optimizer"] ?? []).map { ($0.name, $0.values) })
        var earlier = RunHistory()
        earlier.start = facts.start
        (earlier.steps, earlier.epochs) = (facts.earlierSteps.records, facts.earlierEpochs)
        earlier.validations = facts.earlierValidations ?? []
        if facts.start.steps > 0 { earlier.untuned = facts.untuned }
        var state = RunState(
            trainer: TrainerState(
                weights: tensors["weights"] ?? [], optimizer: snapshot, history: facts.steps.records,
                tokens: facts.tokens,
                seconds: facts.seconds),
            earlier: earlier, untuned: facts.untuned, epochs: facts.epochs,
            secondsInEpoch: facts.secondsInEpoch,
            seen: try SeenTexts(JSON(parsing: Data(facts.seen.utf8)), in: path))
        state.validations = facts.validations ?? []
        state.best = facts.best.map { BestWeights($0, weights: tensors["best"]) }
        (state.waited, state.ending) = (facts.waited ?? 0, facts.ending)
        state.spent = facts.spent?.wrappedValue ?? 0
        return state
    }

    /// SHA-256 of all that a state says, in hexadecimal.
    static func sum(_ facts: String, _ tensors: [NamedTensor]) -> String {
        var digest = SHA256()
        digest.update(data: Data(facts.utf8))
        digest.update(data: Data(RunFingerprint.hash(of: tensors.sorted { $0.name < $1.name }).utf8))
        return hexadecimal(of: digest.finalize())
    }

    /// Numbers keep the order, and apart what has one name.
    private static func numbered(_ kind: String, _ tensors: [NamedTensor]) -> [NamedTensor] {
        tensors.enumerated().map { index, tensor in
            let digits = String(index)
            let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
            return NamedTensor(
                name: "\(kind)/\(number)/\(tensor.name)", shape: tensor.shape, values: tensor.values)
        }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }
}

/// Steps to the bit, in 28 bytes each.
private struct PackedSteps: Codable {
    private static let width = 28
    let bytes: Data

    init(_ steps: [StepRecord]) {
        var bytes = Data(capacity: steps.count * Self.width)
        for step in steps {
            for word in [UInt64(step.step), step.loss.bitPattern, step.gradientNorm.bitPattern] {
                withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
            }
            withUnsafeBytes(of: step.lr.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        self.bytes = bytes
    }

    var records: [StepRecord] {
        let all = [UInt8](bytes)
        func number(_ start: Int, _ count: Int) -> UInt64 {
            all[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return stride(from: 0, to: all.count - all.count % Self.width, by: Self.width).map { start in
            StepRecord(
                step: Int(truncatingIfNeeded: number(start, 8)),
                loss: Double(bitPattern: number(start + 8, 8)),
                lr: Float(bitPattern: UInt32(truncatingIfNeeded: number(start + 24, 4))),
                gradientNorm: Double(bitPattern: number(start + 16, 8)))
        }
    }
}
