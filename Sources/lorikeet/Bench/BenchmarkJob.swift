import Diagnostics
import Foundation
import JSON
import Learning
import Training

/// One measurement, as `Benchmarks/README.md` describes it: both sides of a comparison read it.
struct BenchmarkJob: Sendable {
    let model: String
    let isCausal: Bool
    /// A method's verb, or `last2`.
    let method: String
    /// Settings of the method that are not as usual.
    let settings: [String: SettingValue]
    let precision: String?
    let warmup: [EncodedExample]
    let train: [EncodedExample]
    let test: [EncodedExample]
    /// The token ids of the two answers, for a language model.
    let answers: [Int32]
    let batch: Int
    let epochs: Int
    let threads: Int
    let seed: UInt64
    let learningRate: Float
    /// Tokens worked on at once, where the job tries something else than the trainer's own choice.
    let shareTokens: Int?
    /// Whether of each block only its input is kept.
    let checkpointing: Bool?
    /// How often two such runs are measured beside each other, in place of one alone.
    let pairs: Int?

    /// - Throws: `bad-job` naming what is missing.
    init(path: String) throws {
        let job = try Self.read(path)
        func missing(_ key: String) -> Diagnostic { Diagnostic("bad-job", "\(path) has no valid \(key)") }
        func text(_ key: String) throws -> String {
            guard let value = job[key]?.string else { throw missing(key) }
            return value
        }
        func count(_ key: String) throws -> Int {
            guard let value = job[key]?.integer, value > 0 else { throw missing(key) }
            return value
        }
        model = try text("model")
        isCausal = try text("task") == "causal"
        method = try text("method")
        settings = try Self.settings(job["settings"]?.object)
        precision = job["precision"]?.string
        (batch, epochs, threads) = (try count("batch"), try count("epochs"), try count("threads"))
        seed = UInt64(job["seed"]?.integer ?? 1)
        learningRate = Float(job["learning_rate"]?.number ?? 5e-4)
        shareTokens = job["share_tokens"]?.integer
        checkpointing = job["checkpointing"]?.bool
        pairs = job["pairs"]?.integer.map { max(1, $0) }
        let workload = try Self.read(text("workload"))
        let isCausal = isCausal
        func examples(_ key: String, from identity: Int) throws -> [EncodedExample] {
            guard let rows = workload[key]?.array else { throw missing("workload.\(key)") }
            return rows.enumerated().map { index, row in
                let ids = (row["ids"]?.array ?? []).map { Int32(truncatingIfNeeded: $0.integer ?? 0) }
                let (number, label) = (UInt64(identity + index), Target.label(row["label"]?.integer ?? 0))
                guard isCausal, let answer = ids.last else {
                    return EncodedExample(ids: ids, identity: number, target: label)
                }
                let learned = Learned(place: ids.count - 2, .label(Int(answer)))
                let row = Row(ids: ids, identity: number, learned: [learned], promptCount: ids.count - 1)
                return EncodedExample([row], truth: label)
            }
        }
        warmup = try examples("warmup", from: 0)
        train = try examples("train", from: 1 << 20)
        test = try examples("test", from: 1 << 21)
        answers = (workload["answers"]?.array ?? []).map { Int32(truncatingIfNeeded: $0.integer ?? 0) }
    }

    private static func settings(_ object: JSONObject?) throws -> [String: SettingValue] {
        guard let object else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: try object.map { key, value -> (String, SettingValue) in
                switch value {
                case .integer(let count): return (key, .count(count))
                case .number(let number): return (key, .number(number))
                case .bool(let flag): return (key, .flag(flag))
                case .string(let word): return (key, .word(word))
                case .array(let items): return (key, .names(items.compactMap(\.string)))
                default: throw Diagnostic("bad-job", "settings.\(key) is no setting")
                }
            })
    }

    private static func read(_ path: String) throws -> JSON {
        try JSON(file: path, problem: "bad-job")
    }
}
