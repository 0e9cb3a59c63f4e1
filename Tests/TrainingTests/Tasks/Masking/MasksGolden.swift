import Compute
import Datasets
import Foundation
import Learning
import Models
import TestFixtures

@testable import Training

/// What `Tests/Golden/make_masks.py` computed by Transformers and PEFT.
struct MasksGolden: Decodable {
    struct Run: Decodable { let losses, norms: [Double] }
    struct Filled: Decodable {
        let prompt, tokens: [Int32]
        let count: Int
        let order: String
        let gap: Double
    }

    let texts: [String]
    /// For each step and row what is read, and the labels that Transformers wants.
    let rows: [[[[Int32]]]]
    /// The new head's tensors, in the order of their formulas.
    let head: [String]
    let steps: [String: Run]
    let judgedRows: [[[Int32]]]
    let penalty: Float
    /// Sum of -log p, how many words, how many right.
    let judged, each: [Double]
    /// Of each mask of one text.
    let likeliest: [[[Double]]]
    let filled: [Filled]

    private enum CodingKeys: String, CodingKey {
        case texts, rows, head, steps, judged, each, likeliest, filled, penalty
        case judgedRows = "judged_rows"
    }

    static func read() throws -> MasksGolden { try WritingGolden.read("masks") }

    static func model(_ name: String) throws -> any LanguageModel {
        try ModelLoader.load(path: name == "bert" ? GoldenFiles.model(name) : GoldenFiles.peft(name))
    }

    /// The head that a bare model is given; nil for one with its own.
    func newHead(for model: any LanguageModel) throws -> MaskedHead? {
        guard !model.hasLanguageHead else { return nil }
        let made = try MaskedHead.fresh(for: model, seed: 1)
        for (index, name) in head.enumerated() {
            let parameter = made.parameters.first { $0.name == "cls.predictions.\(name)" }
            parameter?.fill(scale: 0.3, phase: 0.2 * Double(index))
        }
        return made
    }

    /// The rows of a step.
    func examples(of step: Int) -> [EncodedExample] { Self.encoded(rows[step]) }

    static func encoded(_ rows: [[[Int32]]]) -> [EncodedExample] {
        rows.enumerated().map { number, row in
            let places = row[1].indices.filter { row[1][$0] >= 0 }
            let learned = places.map { Learned(place: $0, .label(Int(row[1][$0]))) }
            return EncodedExample([Row(ids: row[0], identity: UInt64(number), learned: learned)])
        }
    }
}

/// A task whose masks are given: those of each epoch.
final class GivenMasks: LearningTask {
    let encoder: any Encoder
    let readout: Readout
    let summary = "given masks"
    var loss: any Loss { CrossEntropyLoss() }

    init(_ golden: MasksGolden, head: MaskedHead?) {
        encoder = Given(epochs: golden.rows.indices.map { golden.examples(of: $0) })
        readout = .masks(head)
    }

    func judge() -> any Judge { MaskedJudge() }

    private struct Given: Encoder {
        let epochs: [[EncodedExample]]
        let maxLength = 32
        let drawsInEpochs = true

        func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
            epochs[0][example.id]
        }
        func drawn(_ example: EncodedExample, seed: UInt64, epoch: Int) -> EncodedExample {
            epochs[epoch][Int(example.rows[0].identity)]
        }
    }
}
