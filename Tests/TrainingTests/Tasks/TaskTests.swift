import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What holds for every task, whichever there are.
@Suite struct TaskTests {
    private static func tuning(of model: any LanguageModel, with task: any LearningTask) throws -> Tuning {
        var tuning = try LowRankMethod([
            "r": .count(2), "alpha": .number(3), "dropout": .number(0), "targets": .names(["all-linear"]),
        ]).tuning(of: model, seed: 1)
        for (index, parameter) in (tuning.trainedParameters + task.parameters).enumerated() {
            parameter.fill(scale: 0.2, phase: 0.2 * Double(index))
        }
        if !task.parameters.isEmpty { tuning.groups.append(ParameterGroup(task.parameters)) }
        return tuning
    }

    /// The outputs of all examples as they are asked for.
    private static func outputs(
        _ asked: [EncodedExample], _ task: any LearningTask, _ model: any LanguageModel, _ tuning: Tuning
    ) throws -> Tensor {
        let rows = asked.flatMap(\.rows)
        let pass = Pass(Layout(rows, under: tuning), under: tuning)
        return try task.readout.outputs(model.hiddenStates(Tokens(rows), pass), rows, model: model, pass)
    }

    @Test(arguments: TaskCase.all) func whatIsLearnedLiesInItsRowAndHasATarget(_ tried: TaskCase) throws {
        let task = try tried.task(on: tried.model())
        #expect(TaskCase.dataset.train.allSatisfy { task.encoder.hasAnswer($0) })
        let encoded = try tried.encoded(by: task)
        for example in encoded {
            #expect(task.loss.weight(of: example) > 0)
            #expect(task.judge().judgesTokens || example.truth != nil)
            for row in example.rows {
                #expect(row.ids.count <= task.maxLength && row.promptCount <= row.ids.count)
                #expect(row.learned.map(\.place) == row.learned.map(\.place).sorted())
                #expect(row.learned.allSatisfy { row.ids.indices.contains($0.place) && $0.target != nil })
            }
        }
        #expect(try encoded == tried.encoded(by: task))
        let identities = encoded.flatMap { $0.rows.map(\.identity) }
        #expect(Set(identities).count == identities.count)
    }

    @Test(arguments: TaskCase.all) func gradientsEqualFiniteDifferences(_ tried: TaskCase) throws {
        let model = try tried.model()
        let task = try tried.task(on: model)
        let examples = Array(try tried.encoded(by: task).prefix(4))
        let tuning = try Self.tuning(of: model, with: task)
        func learned() throws -> (loss: Double, pass: Pass) {
            let rows = examples.flatMap(\.rows)
            let pass = Pass(
                Layout(rows, under: tuning), under: tuning, training: .init(seed: 7, step: 3))
            let h = try model.hiddenStates(Tokens(rows), pass)
            return (try task.learn(h, examples, model: model, scale: 1, pass), pass)
        }
        let pass = try learned().pass
        var compared = 0
        for parameter in tuning.trainedParameters {
            let gradient = try #require(pass.gradient(of: parameter), "\(parameter.name) has no gradient")
            let largest = gradient.floats.prefix(parameter.count).map { abs(Double($0)) }.max() ?? 0
            guard largest > 5e-3 else { continue }
            compared += 1
            let values = parameter.writable()
            let step: Float = 1e-2
            for index in stride(from: 0, to: parameter.count, by: max(1, parameter.count / 5)) {
                let kept = values.pointer[index]
                values.pointer[index] = kept + step
                let above = try learned().loss
                values.pointer[index] = kept - step
                let below = try learned().loss
                values.pointer[index] = kept
                let difference = (above - below) / Double(2 * step)
                let error = abs(difference - Double(gradient.pointer[index])) / max(largest, 0.05)
                #expect(
                    error < 2e-2, "\(parameter.name)[\(index)]: \(gradient.pointer[index]), \(difference)")
            }
        }
        #expect(4 * compared >= tuning.trainedParameters.count)
    }

    private struct Outcome: Equatable {
        var history: [StepRecord]
        var values: [[Float]]
        var answers: [Answer]
        var metrics: Metrics
    }

    @Test(arguments: TaskCase.all) func anyNumberOfWorkersLearnsAndJudgesTheSame(_ tried: TaskCase) throws {
        let runs = try [1, 2, 8].map { count -> Outcome in
            let model = try tried.model()
            let task = try tried.task(on: model)
            let examples = try tried.encoded(by: task)
            let workers = Workers(count: count)
            defer { workers.close() }
            var settings = TrainerSettings()
            (settings.batch, settings.epochs, settings.shareTokens, settings.lr) = (5, 10, 20, 1e-2)
            let trainer = try Trainer(
                model: model, task: task, tuning: LowRankMethod().tuning(of: model, seed: 2),
                examples: examples, settings: settings, workers: workers)
            func judged() throws -> Evaluator.Outcome {
                try Evaluator(model: model, under: trainer.tuning, task: task, workers: workers)
                    .evaluate(examples, interruption: Interruption())
            }
            let before = try judged()
            // With weights that give numbers, a first step without them is what was asked for.
            let problem = try trainer.noNumber(of: examples, interruption: Interruption())
            #expect(problem.code == Trainer.notFinite && problem.message.contains("the first"))
            while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
            let after = try judged()
            #expect(after.metrics.loss < before.metrics.loss)
            return Outcome(
                history: trainer.history, values: trainer.trainedParameters.map { $0.dense().floats },
                answers: after.answers, metrics: after.metrics)
        }
        #expect(runs[1] == runs[0] && runs[2] == runs[0])
    }

    @Test(arguments: TaskCase.all) func judgesThatHaveSeenPartsBecomeOne(_ tried: TaskCase) throws {
        let model = try tried.model()
        let task = try tried.task(on: model)
        let asked = try tried.encoded(by: task).map { task.encoder.asked($0) }
        let outputs = try Self.outputs(asked, task, model, Self.tuning(of: model, with: task))
        let counts = asked.map { $0.rows.reduce(0) { $0 + $1.learned.count } }
        #expect(outputs.rows == counts.reduce(0, +))

        let labels = asked.flatMap { $0.rows.flatMap(\.learned) }.map { Int32($0.target?.label ?? 0) }
        func add(_ outputs: Tensor, _ rows: Range<Int>, _ range: Range<Int>, to judge: inout some Judge) {
            let examples = Array(asked[range])
            guard judge.readsLosses else { return judge.add(outputs, examples, numbered: Array(range)) }
            judge.add(
                losses: CrossEntropy.losses(of: outputs, labels: Array(labels[rows])), examples,
                numbered: Array(range))
        }

        func compare<J: Judge>(_ empty: J) {
            var whole = empty
            add(outputs, 0..<outputs.rows, asked.indices, to: &whole)
            #expect(whole.answers.map(\.number) == Array(asked.indices))
            #expect(whole.answers.map(\.truth) == asked.map(\.truth))
            let parts = [0..<3, 3..<4, 4..<asked.count].map { range in
                var part = empty
                let first = counts[..<range.lowerBound].reduce(0, +)
                let rows = counts[range].reduce(0, +)
                let values = outputs.floats[first * outputs.columns..<(first + rows) * outputs.columns]
                add(
                    Tensor(Array(values), rows: rows, columns: outputs.columns), first..<first + rows, range,
                    to: &part)
                return part
            }
            for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
                var merged = empty
                for index in order { merged.merge(parts[index]) }
                #expect(merged.answers == whole.answers && merged.metrics == whole.metrics)
            }
            #expect(whole.metrics.count == asked.count && whole.metrics.loss > 0)
            #expect(!whole.metrics.figures.isEmpty)
        }
        compare(task.judge())
    }

    @Test func namesAreDifferent() {
        #expect(Set(TestTasks.all.map(\.name)).count == TestTasks.all.count)
    }
}
