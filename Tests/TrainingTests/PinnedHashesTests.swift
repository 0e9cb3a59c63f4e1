import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import System
import TestFixtures
import Testing

@testable import Training

/// The bytes of training, pinned: what is rearranged must change none of them.
///
/// They differ between instruction sets and OpenBLAS's kernels, so each such pair has its own; where a
/// machine's pair is not known, only different numbers of workers are compared. After a change that is
/// meant to change bytes, `LORIKEET_PIN=1` writes this machine's anew.
@Suite(.serialized) struct PinnedHashesTests {
    enum Choice: String, CaseIterable {
        case lora, last, full
        /// Full, with each share over all workers, as large models are.
        case wide

        var method: any Method {
            get throws {
                switch self {
                case .lora:
                    try LowRankMethod(["dropout": .number(0.1), "targets": .names(["all-linear"])])
                case .last: try FullMethod(["last": .count(1)])
                case .full, .wide: try FullMethod()
                }
            }
        }
    }

    @Test(arguments: ["bert", "gpt2", "llama"], Choice.allCases)
    func theBytesOfTrainingStayAsTheyWere(family: String, choice: Choice) throws {
        let hashes = try [1, 2, 8].map { try Self.hash(family, choice, workers: $0) }
        #expect(Set(hashes).count == 1, "1, 2 and 8 workers give \(hashes)")
        let name = "\(family) \(choice.rawValue)"
        if ProcessInfo.processInfo.environment["LORIKEET_PIN"] != nil {
            try Self.pin(hashes[0], as: name)
        } else if let pinned = try Self.pinned()[Self.machine]?[name]?.string {
            #expect(hashes[0] == pinned, "\(name) on \(Self.machine)")
        }
    }

    /// Four updates of a batch of six, several shares each: the trained values' bits and the losses'.
    private static func hash(
        _ family: String, _ choice: Choice, workers: Int
    ) throws -> String {
        let model = try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: family).path)
        let examples = (0..<8).map { (index: Int) -> EncodedExample in
            let ids = (0..<(4 + 4 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(text: ids, identity: UInt64(index), isCausal: model.isCausal)
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (6, 2, 40)
        (settings.weightDecay, settings.lr) = (0.01, 1e-3)
        if choice == .wide { settings.isWide = true }
        let tuning = try choice.method.tuning(of: model, seed: 9)
        let trainer = try Trainer(
            model: model, task: NextToken(), tuning: tuning,
            examples: examples, settings: settings, workers: Workers(count: workers))
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        var bytes = trainer.history.flatMap { [$0.loss.bitPattern, $0.gradientNorm.bitPattern] }
        bytes += tuning.trainedParameters.flatMap { $0.dense().floats.map { UInt64($0.bitPattern) } }
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { CounterRandom.mix($0 ^ $1) }
        return String(hash, radix: 16)
    }

    // MARK: - The file

    private static let file = ReferenceTests.fixtures.deletingLastPathComponent()
        .appending(path: "pinned-hashes.json")

    /// What the bytes depend on: the widest instruction set that our kernels have a clone for, and
    /// OpenBLAS's kernels.
    private static let machine: String = {
        let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let set = flags.contains(" avx512vl") ? "avx512" : flags.contains(" avx2") ? "avx2" : "other"
        return "\(set) \(BLAS.core)"
    }()

    private static func pinned() throws -> JSON { try JSON(parsing: Data(contentsOf: file)) }

    private static func pin(_ hash: String, as name: String) throws {
        var machines = (try? pinned())?.object ?? [:]
        var hashes = machines[machine]?.object ?? [:]
        hashes[name] = .string(hash)
        machines[machine] = .object(hashes)
        try Data(JSON.object(machines).utf8(indent: 1) + [0x0A]).write(to: file)
    }
}
