import Compute
import Diagnostics
import Learning
import Models
import System
import TestFixtures
import Testing

@testable import Training

/// Every kind of hook in every family: gradients, workers, copies, and a beginning that is computed once.
@Suite struct HookTests {
    private static let families = ["bert", "gpt2", "llama3"]

    private static func model(_ family: String) throws -> any LanguageModel {
        try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: family).path)
    }

    private static let sequences: [[Int32]] = [7, 4, 9].enumerated().map { s, count in
        (0..<count).map { (i: Int) in Int32((7 * i * i + 13 * i + 5 * s + 3) % 61) }
    }
    private static let rows = sequences.enumerated().map { Row(ids: $1, identity: UInt64($0)) }

    /// The last hidden states, projected on fixed random numbers.
    private static func pass(
        _ model: any LanguageModel, _ tuning: Tuning, workers: Workers? = nil
    ) throws -> (pass: Pass, output: Tensor) {
        let pass = Pass(
            Layout(rows, under: tuning), under: tuning, training: .init(seed: 7, step: 3),
            workers: workers)
        return (pass, try model.hiddenStates(Tokens(rows), pass))
    }

    private static func projection(_ count: Int) -> Buffer {
        var random = CounterRandom(seed: 5, purpose: "projection")
        return Buffer((0..<count).map { _ in random.normal() })
    }

    @Test(arguments: SmallHook.allCases, families)
    func gradientsEqualFiniteDifferences(hook: SmallHook, family: String) throws {
        let model = try Self.model(family)
        let tuning = try hook.tuning(of: model)
        let (pass, output) = try Self.pass(model, tuning)
        let projection = Self.projection(output.count)
        try pass.backward(from: output, gradient: projection.copy())
        func projected() throws -> Double {
            zip(try Self.pass(model, tuning).output.floats, projection.floats)
                .reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        var compared = 0
        for parameter in tuning.trainedParameters {
            let gradient = try #require(pass.gradient(of: parameter), "\(parameter.name) has no gradient")
            let largest = gradient.floats.prefix(parameter.count).map { abs(Double($0)) }.max() ?? 0
            // Keys' biases move no softmax; below this the differences are rounding.
            guard largest > 1e-2 else { continue }
            compared += 1
            let values = parameter.writable()
            for index in stride(from: 0, to: parameter.count, by: max(1, parameter.count / 12)) {
                let kept = values.pointer[index]
                func slope(over step: Float) throws -> Double {
                    defer { values.pointer[index] = kept }
                    values.pointer[index] = kept + step
                    let above = try projected()
                    values.pointer[index] = kept - step
                    return (above - (try projected())) / Double(2 * step)
                }
                // Two steps, so that the curve's third derivative falls out (Richardson's extrapolation): a step
                // short enough to do without would leave mostly rounding.
                let difference = (4 * (try slope(over: 4e-2)) - (try slope(over: 8e-2))) / 3
                let error = abs(difference - Double(gradient.pointer[index])) / max(largest, 0.04)
                #expect(
                    error < 1e-2, "\(parameter.name)[\(index)]: \(gradient.pointer[index]), \(difference)")
            }
        }
        #expect(2 * compared >= tuning.trainedParameters.count)
    }

    @Test(arguments: SmallHook.allCases, families)
    func anyNumberOfWorkersGivesTheSameBytes(hook: SmallHook, family: String) throws {
        let runs = try [1, 2, 8].map { count in
            let model = try Self.model(family)
            let tuning = try hook.tuning(of: model)
            let (pass, output) = try Self.pass(model, tuning, workers: Workers(count: count))
            try pass.backward(from: output, gradient: Self.projection(output.count))
            return [output.floats]
                + tuning.trainedParameters.map { pass.gradient(of: $0)?.floats ?? [] }
        }
        #expect(runs[0] == runs[1] && runs[0] == runs[2])
    }

    @Test(arguments: SmallHook.allCases, families)
    func aCopyIsTrainedAloneAndTheBaseStays(hook: SmallHook, family: String) throws {
        let model = try Self.model(family)
        let base = model.store.parameters.map { $0.values().floats }
        let tuning = try hook.tuning(of: model)
        func values(_ tuning: Tuning) -> [[Float]] { tuning.parameters.map { $0.values().floats } }
        let before = values(tuning)
        let plain = try Self.pass(model, tuning).output.floats
        let head = ClassificationHead(
            for: model, classes: 2, pooling: .mean, usesPooler: false, seed: 1)
        let labelled = Self.sequences.enumerated().map { index, ids in
            EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
        func train() throws -> (Trainer, [[Float]]) {
            let trainer = try Trainer(
                model: model, task: HeadOnly(head: head), tuning: tuning.copy(), examples: labelled,
                settings: TrainerSettings(), workers: Workers(count: 2))
            for _ in 0..<3 { _ = try trainer.update(interruption: Interruption()) }
            return (trainer, values(trainer.tuning))
        }
        let (trainer, first) = try train()
        let (_, second) = try train()
        #expect(first == second, "two copies that are trained alike are alike")
        #expect(values(tuning) == before)
        #expect(model.store.parameters.map { $0.values().floats } == base)
        #expect(try Self.pass(model, tuning).output.floats == plain)
        #expect(try Self.pass(model, trainer.tuning).output.floats != plain)
    }

    @Test(arguments: SmallHook.allCases, ["gpt2", "llama3"])
    func aBeginningThatIsComputedOnceChangesNothing(hook: SmallHook, family: String) throws {
        let model = try Self.model(family)
        let tuning = try hook.tuning(of: model)
        let head = ClassificationHead(
            for: model, classes: 2, pooling: .last, usesPooler: false, seed: 1)
        head.classifier.weight.fill(scale: 0.5, phase: 0.2)
        let evaluator = Evaluator(
            model: model, under: tuning, task: HeadOnly(head: head), workers: Workers(count: 2))
        let beginning = (0..<11).map { Int32($0 * 5 % 61) }
        let examples = [[5, 9, 1, 7], [40, 2, 8], [11, 3, 3, 4, 9]].enumerated().map {
            EncodedExample(ids: beginning + $1, identity: UInt64($0))
        }
        let prefix = try CommonPrefix(
            of: examples.flatMap(\.rows), for: HeadOnly(head: head).readout, model: model, under: tuning,
            interruption: Interruption())
        #expect(prefix.length >= 10)
        let together = try evaluator.evaluate(examples, interruption: Interruption()).answers.map(\.values)
        let apart = try examples.map { example in
            try #require(
                try evaluator.evaluate([example], interruption: Interruption()).answers.first?.values)
        }
        for (one, other) in zip(together.joined(), apart.joined()) {
            #expect(abs(one - other) < 1e-5 * max(1, abs(other)), "\(together), \(apart)")
        }
    }

    @Test func whatStandsBeforeASequenceShiftsPositionsAndNoKeys() {
        let plain = Layout(lengths: [3, 2], identities: [8, 9])
        let led = Layout(
            lengths: [3, 2], identities: [8, 9], leading: 2, offset: 4, before: 0, prompts: [2, 2])
        #expect(led.starts == [0, 5, 9] && led.tokenCount == 5)
        #expect(led.positions == [4, 5, 6, 7, 8, 4, 5, 6, 7])
        #expect(led.tokens(of: 1) == 7..<9 && led.row(of: 1, in: 1) == 8)
        #expect([2, 3, 4, 7, 8].map { led.keys[$0] } == plain.keys)
        let prompt = led.prompt(of: 0)
        #expect(prompt.rows == 2..<4 && prompt.before == 0 && prompt.count == 2)
        #expect(led.rowed([1, 2, 3, 4, 5], before: 0) == [0, 0, 1, 2, 3, 0, 0, 4, 5])
    }

    /// Scales by what it has read when it was prepared.
    private final class Prepared: LinearHook, @unchecked Sendable {
        let factor: Parameter
        var prepared: Parameter?
        init(_ factor: Parameter) { self.factor = factor }
        var parameters: [Parameter] { [factor] }
        func with(_ own: (Parameter) -> Parameter) -> Self { Self(own(factor)) }
        func prepare(_ base: Linear) {
            prepared = Parameter(name: "prepared", shape: factor.shape, buffer: factor.dense().copy())
        }
        func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
            let row = try #require(prepared, "it was not prepared")
            return pass.add(
                try base.plain(x, pass), pass.embed([Int32](repeating: 0, count: x.rows), table: row))
        }
        func merged(_ values: LinearValues) -> LinearValues? { nil }
        func keptColumns(of base: Linear) -> Int { base.outputs }
    }

    @Test func hooksArePreparedBeforeEachStepAndEachEvaluation() throws {
        let model = try Self.model("llama3")
        let layer = try #require(model.linears.last)
        let factor = Parameter(name: "row", shape: [1, layer.outputs], buffer: Buffer(zeros: layer.outputs))
        var tuning = Tuning(reach: .block(1))
        let hook = Prepared(factor)
        tuning.linears[layer.path] = hook
        let head = ClassificationHead(for: model, classes: 2, pooling: .last, usesPooler: false, seed: 1)
        let example = EncodedExample(ids: Self.sequences[0], identity: 0, target: .label(1))
        let trainer = try Trainer(
            model: model, task: HeadOnly(head: head), tuning: tuning, examples: [example],
            settings: TrainerSettings(), workers: Workers(count: 1))
        _ = try trainer.update(interruption: Interruption())
        factor.writable().pointer[0] = 3
        let evaluator = Evaluator(
            model: model, under: tuning, task: HeadOnly(head: head), workers: Workers(count: 1))
        _ = try evaluator.evaluate([example], interruption: Interruption())
        #expect(hook.prepared?.dense().pointer[0] == 3)
    }
}
