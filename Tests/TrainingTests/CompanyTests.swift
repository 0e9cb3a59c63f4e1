import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What a model says of an example does not depend on the batch around it.
@Suite struct CompanyTests {
    /// 1 to 60 tokens; those of decoders begin differently, so that nothing is shared.
    private static let examples = (0..<9).map { (index: Int) -> EncodedExample in
        let ids = (0..<[1, 12, 5, 60, 2, 33, 13, 8, 27][index]).map { (place: Int) in
            Int32((place * 7 + index * 11) % 60)
        }
        return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
    }

    private static func lora(_ model: any LanguageModel) throws -> Tuning {
        let method = try LowRankMethod(["dropout": .number(0.1), "targets": .names(["all-linear"])])
        let tuning = try method.tuning(of: model, seed: 9)
        for (index, parameter) in tuning.trainedParameters.enumerated()
        where parameter.name.contains("lora_B") {
            parameter.fill(scale: 0.05, phase: Double(index))
        }
        try tuning.prepare(over: model)
        return tuning
    }

    /// Each example's logits and losses in a step of training with these others.
    private static func logits(
        _ batch: [EncodedExample], _ model: any LanguageModel, _ tuning: Tuning
    ) throws -> [[UInt32]] {
        let rows = batch.flatMap(\.rows)
        let pass = Pass(Layout(rows, under: tuning), under: tuning, training: .init(seed: 4, step: 2))
        let logits = try model.vocabularyLogits(try model.hiddenStates(Tokens(rows), pass), pass)
        let losses = CrossEntropy.losses(of: logits, labels: rows.flatMap(\.ids))
        return batch.indices.map { index in
            let rows = pass.layout.rows(of: index)
            let start = logits.pointer + rows.lowerBound * logits.columns
            let values = Array(UnsafeBufferPointer(start: start, count: rows.count * logits.columns))
            return (values + losses[rows]).map(\.bitPattern)
        }
    }

    @Test(arguments: ["bert", "gpt2", "llama"])
    func anExamplesLogitsUnderLoRAAreThoseThatItHasAlone(family: String) throws {
        let model = try SizedModels.model(family)
        let tuning = try Self.lora(model)
        let alone = try Self.examples.map { try Self.logits([$0], model, tuning)[0] }
        #expect(Set(alone).count == alone.count)
        let orders = [
            Array(Self.examples.indices), Self.examples.indices.reversed(), [3, 0], [0, 3], [7, 5, 6],
            [4, 2],
        ]
        for order in orders {
            let found = try Self.logits(order.map { Self.examples[$0] }, model, tuning)
            for (index, bits) in zip(order, found) { #expect(bits == alone[index], "\(index) of \(order)") }
        }
    }

    @Test(arguments: ["bert", "gpt2", "llama"])
    func scoresAreThoseThatAnExampleHasAlone(family: String) throws {
        let model = try SizedModels.model(family)
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.defaultPooling, usesPooler: false, seed: 3)
        let workers = Workers(count: 2)
        defer { workers.close() }
        let evaluator = Evaluator(
            model: model, under: try Self.lora(model), task: HeadOnly(head: head), workers: workers)
        func scores(_ examples: [EncodedExample]) throws -> [[Float]] {
            try evaluator.evaluate(examples, interruption: Interruption()).answers.map(\.values)
        }
        let together = try scores(Self.examples)
        for (example, found) in zip(Self.examples, together) { #expect(try scores([example]) == [found]) }
    }

    /// A beginning that is computed once is cut from the sums of attention: the last bits differ, no more.
    @Test(arguments: ["gpt2", "llama"])
    func aSharedBeginningChangesLastBitsAlone(family: String) throws {
        let model = try SizedModels.model(family)
        let head = ClassificationHead(for: model, classes: 2, pooling: .last, usesPooler: false, seed: 3)
        let examples = (0..<4).map { (index: Int) -> EncodedExample in
            let ids = (0..<20).map { (place: Int) in Int32(place < 12 ? place : (place * 7 + index) % 60) }
            return EncodedExample(ids: ids, identity: UInt64(index))
        }
        let evaluator = Evaluator(
            model: model, under: nil, task: HeadOnly(head: head), workers: Workers(count: 1))
        func scores(_ examples: [EncodedExample]) throws -> [[Float]] {
            try evaluator.evaluate(examples, interruption: Interruption()).answers.map(\.values)
        }
        let shared = try scores(examples)
        #expect(try scores(examples) == shared)
        for (example, found) in zip(examples, shared) {
            for (a, b) in zip(try scores([example])[0], found) { #expect(abs(a - b) < 1e-4) }
        }
    }
}
