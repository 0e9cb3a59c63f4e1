import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// The ten steps of a method over tiny models that `Tests/Golden/make_weights.py` had PyTorch take, and the same
/// steps taken here.
struct WeightSteps {
    let method: any Method
    let name: String
    /// What is frozen and unfrozen before the first step.
    let changes: [WeightChange]
    let dropout: DropoutRates?
    let rates: PartRates?
    /// What each sequence's number should be; nil for classes and tokens.
    let values: [Float]?
    /// What else is set for the steps.
    let adjust: @Sendable (inout TrainerSettings) -> Void
    /// What the scripts call it.
    let golden: String

    /// - `name`: `bert`, or one of the tiny models; `-classes` stands for a classifier on top.
    init(
        of method: any Method, on name: String, changes: [WeightChange] = [], dropout: DropoutRates? = nil,
        rates: PartRates? = nil, golden: String? = nil, values: [Float]? = nil,
        adjusting adjust: @escaping @Sendable (inout TrainerSettings) -> Void = { _ in }
    ) {
        (self.method, self.name, self.changes, self.dropout) = (method, name, changes, dropout)
        (self.rates, self.values, self.adjust) = (rates, values, adjust)
        self.golden = golden ?? method.declaration.name
    }

    func model() throws -> any LanguageModel {
        let base = name.replacing("-classes", with: "")
        return try ModelLoader.load(
            path: name == "bert" ? GoldenFiles.peft("bert-base") : GoldenFiles.model(base))
    }

    /// What is trained, by the reference's names, and every step's loss and norm of gradients.
    func check(location: SourceLocation = #_sourceLocation) throws {
        let file = GoldenFiles.folder.appending(path: "weights/\(golden).json")
        let golden = try #require(
            try JSON(parsing: Data(contentsOf: file))[name], "make_weights.py knows no such steps",
            sourceLocation: location)
        let model = try model()
        let trainer = try trainer(model)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let own = trainer.trainedParameters.filter { model.store[$0.name] != nil }
        let names = own.map { parameter in
            model.part(of: parameter.name) == .languageHead
                ? parameter.name : model.taskPrefix + parameter.name
        }
        let wanted = golden["trained"]?.array?.compactMap(\.string) ?? []
        #expect(names.sorted() == wanted.sorted(), sourceLocation: location)
        #expect(
            own.reduce(0) { $0 + $1.count } == golden["values"]?.integer, sourceLocation: location)
        func numbers(_ key: String) -> [Double] { golden[key]?.array?.compactMap(\.number) ?? [] }
        let (losses, norms) = (numbers("losses"), numbers("norms"))
        #expect(losses.count == 10 && norms.count == 10, sourceLocation: location)
        for (step, (loss, norm)) in zip(trainer.history, zip(losses, norms)) {
            #expect(
                abs(step.loss - loss) / loss < 1e-4, "loss of step \(step.step)", sourceLocation: location)
            #expect(
                abs(step.gradientNorm - norm) / norm < 1e-4, "norm of step \(step.step)",
                sourceLocation: location)
        }
    }

    func trainer(_ model: any LanguageModel, workers: Int = 2) throws -> Trainer {
        let classes = name.hasSuffix("-classes") || !model.isCausal ? 2 : nil
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            let target = values.map { Target.value($0[index]) } ?? classes.map { .label(index % $0) }
            return target.map { EncodedExample(ids: ids, identity: UInt64(index), target: $0) }
                ?? EncodedExample(text: ids, identity: UInt64(index))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr, settings.weightDecay) = (3, 10, 1e-3, 0.01)
        (settings.dropout, settings.rates) = (dropout, rates)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        adjust(&settings)
        let tuning = try changes.reduce(method.tuning(of: model, seed: 1)) {
            try $1.applied(to: $0, of: model)
        }
        return try Trainer(
            model: model, task: task(classes, model), tuning: tuning,
            examples: examples, settings: settings, workers: Workers(count: workers),
            order: { _ in [0, 1, 2] })
    }

    private func task(_ classes: Int?, _ model: any LanguageModel) -> any LearningTask {
        guard let classes else { return NextToken() }
        let head = ClassificationHead(
            for: model, classes: values == nil ? classes : 1, pooling: model.defaultPooling,
            usesPooler: model.pooler != nil, seed: 1)
        head.classifier.weight.fill(scale: 0.2, phase: 0.5)
        return values == nil ? HeadOnly(head: head) : HeadOnly(head: head, loss: SquaredErrorLoss())
    }
}
