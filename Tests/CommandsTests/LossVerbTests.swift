import Display
import Foundation
import JSON
import Learning
import TestScratch
import Testing
import Training

@testable import Commands

/// Losses, noise and decay as `train` takes them: what is said of them, what is refused, and how a run goes on.
@Suite struct LossVerbTests: RunBenches {
    let folder = freshRunsFolder()

    private func prepared(_ more: String = "") -> Bench {
        let bench = bench()
        bench.run("set times=off\nmodel nano\nload toy train=48 test=16 validation=16\nlora r=2\n\(more)")
        return bench
    }

    private func settings(_ line: String) -> TrainerSettings? {
        let bench = prepared()
        #expect(bench.problem(line) == nil, "\(line)")
        return bench.interpreter.session.state.engine.kept?.settings.learning
    }

    @Test func whatIsUsualIsAsBefore() {
        let plain = settings("train steps=1")
        #expect(plain?.loss == nil && plain?.noise == nil && plain?.sparesBiases == nil)
        for keys in [
            "loss=cross_entropy label_smoothing=0 neftune=0",
            "neftune_noise_alpha=None loss=ce",
        ] {
            #expect(settings("train steps=1 \(keys)") == plain, "\(keys)")
        }
        // Nothing decays, so that there is nothing to pull on.
        for verb in ["train", "lr_find"] {
            for keys in ["decay_on=all", "decay_on=weights", "decay_on=all weight_decay=0"] {
                #expect(prepared().problem("\(verb) \(keys)")?.code == "unused-key", "\(verb) \(keys)")
            }
        }
    }

    @Test func decayLeavesBiasesAndNormsAloneUnlessAsked() {
        #expect(settings("train steps=1 weight_decay=0.1")?.sparesBiases == true)
        #expect(settings("train steps=1 weight_decay=0.1 decay_on=all")?.sparesBiases == nil)
        #expect(settings("train steps=1 weight_decay=0.1 optimizer=sgd")?.sparesBiases == true)
    }

    @Test func huggingFacesWordsAreUnderstood() {
        let found = settings(
            "train steps=1 label_smoothing_factor=0.1 neftune_noise_alpha=5 class_weight=balanced")
        #expect(found?.noise == 5)
        #expect(found?.loss?.values.double("label_smoothing") == 0.1)
        #expect(found?.loss?.values.names("class_weights") == ["balanced"])
        let adafactor = settings(
            "train steps=1 optim=adafactor learning_rate=0.03 lr_scheduler_type=constant")
        #expect(adafactor?.optimizer.kind == Adafactor.self && adafactor?.lr == 0.03)
    }

    @Test func thePlanSaysIt() {
        let bench = prepared()
        #expect(
            bench.problem("train steps=1 loss=focal class_weights=balanced neftune=5 weight_decay=0.1") == nil
        )
        let shown = bench.output.shown
        #expect(shown.contains("focal γ=2, balanced weights"))
        #expect(shown.contains("NEFTune 5"))
        #expect(shown.contains("balanced weights: negative 1.00, positive 1.00"))
        #expect(shown.contains("not on biases and norms"))
        #expect(shown.contains("train loss: focal γ=2, balanced weights"))
        let value = bench.run("train steps=1 label_smoothing=0.1 class_weights=negative:2").statements.last?
            .value
        #expect(value?["criterion"]?.string == "label smoothing 0.1, class weights")
        #expect(bench.run("train steps=1").statements.last?.value["criterion"] == nil)
    }

    @Test func longNamesOfClassesLeaveThePlanNarrow() throws {
        let scratch = try Scratch()
        let names = ["a", "b"].map { "\($0)\(String(repeating: "very", count: 30))long" }
        let rows = (0..<48).map { "text \($0),\(names[$0 % 2])" }
        let data = try scratch.file("names.csv", (["text,label"] + rows).joined(separator: "\n") + "\n")
        let bench = prepared()
        bench.run("load path=\(data)\nlora r=2")
        let before = bench.output.events.count
        #expect(bench.problem("train steps=1 class_weights=balanced") == nil)
        let plans = bench.output.events[before...].compactMap { event -> MimeBundle? in
            if case .display(let bundle, id: nil) = event { bundle } else { nil }
        }
        let plan = try #require(plans.first?.plain(wrappedTo: 80))
        for line in plan.split(separator: "\n") { #expect(String(line).displayWidth <= 80, "\(line)") }
        #expect(plan.contains("averyve") && plan.contains("verylong "), "\(plan)")
    }

    /// The optimizer's own rate is what is shown and kept, and no other is.
    @Test func relativeStepsAreShown() throws {
        let bench = prepared()
        #expect(bench.problem("train steps=3 optimizer=adafactor relative_step=yes warmup_init=yes") == nil)
        let rates = bench.interpreter.session.state.engine.run?.steps.map(\.lr) ?? []
        #expect(rates.count == 3 && zip(rates, [1e-6, 2e-6, 3e-6]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(bench.output.shown.contains("adafactor's own, step by step"))
        #expect(!bench.output.shown.contains("may want another"))
    }

    @Test(
        arguments: [
            ("optimizer=adafactor relative_step=yes lr=1e-3", "bad-value"),
            ("optimizer=adafactor relative_step=yes schedule=cosine", "bad-value"),
            ("optimizer=adafactor relative_step=yes warmup=2", "bad-value"),
            ("optimizer=adafactor relative_step=yes lr.head=1e-3", "bad-value"),
            ("optimizer=adafactor warmup_init=yes", "bad-value"),
            ("optimizer=adafactor beta2=0.9", "key-of-another"),
            ("optimizer=adafactor adam_beta1=0.9", "key-of-another"),
            ("optimizer=adamw relative_step=yes", "key-of-another"),
            ("loss=focal label_smoothing=0.1", "key-of-another"),
            ("loss=cross_entropy focal_gamma=2", "key-of-another"),
            ("class_weights=1,2,3", "bad-value"), ("class_weights=1,-2", "bad-value"),
            ("class_weights=nobody:2", "bad-value"), ("label_smoothing=1.5", "bad-value"),
            ("loss=hinge", "bad-value"), ("neftune=-1", "bad-value"), ("decay_on=some", "bad-value"),
        ])
    func whatMeansNothingIsRefused(line: String, code: String) {
        let bench = prepared()
        let problem = bench.problem("train steps=1 \(line)")
        #expect(
            problem?.code == code && problem?.hint != nil, "\(line): \(problem?.description ?? "accepted")")
        #expect(bench.interpreter.session.state.engine.run == nil)
    }

    /// Who errs in a class's name, a number or their count is told the classes, and what can be written.
    @Test(arguments: [
        (
            "nobody:2",
            "class_weights name nobody, which is no class of these data: they have negative, positive"
        ),
        ("1,2,3", "class_weights are 3, and there are 2 classes: negative, positive"),
        (
            "1,0",
            "class_weights cannot be 0 for positive, expected a number above 0: a class that is to count next to nothing has 0.001, say"
        ),
        ("negative:many", "class_weights cannot be many for negative, expected a number above 0"),
        (
            "negative:2,3",
            "class_weights have 3, which names no class, among names with numbers: the classes are negative, positive"
        ),
    ])
    func classWeightsThatDoNotFitLeadOn(written: String, said: String) throws {
        let bench = prepared()
        let problem = try #require(bench.problem("train steps=1 class_weights=\(written)"))
        #expect(problem.message == said)
        let line = try #require(problem.hint?.firstMatch(of: /class_weights=\S*$/)?.output)
        #expect(bench.problem("train steps=1 \(line)") == nil, "\(line)")
    }

    @Test func theWeightsOfManyClassesAreCutShort() throws {
        let folder = NSTemporaryDirectory() + "lorikeet-classes-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let rows = (0..<240).map { "text \($0),class\($0 % 24)" }
        try (["text,label"] + rows).joined(separator: "\n")
            .write(toFile: "\(folder)/many.csv", atomically: true, encoding: .utf8)
        let bench = bench()
        bench.run(
            "set times=off\nmodel nano\nload path=\(folder)/many.csv train=120 validation=0 test=24\nlora r=2"
        )
        #expect(bench.problem("train steps=1 class_weights=balanced") == nil)
        #expect(bench.output.shown.onOneLine.contains(" and 14 more, from "), "\(bench.output.shown)")
    }

    @Test func focalsGammaIsFoundWhereASchedulesIs() {
        let problem = prepared().problem("train steps=1 loss=focal gamma=2")
        #expect(problem?.hint?.contains("loss=focal has focal_gamma") == true, "\(problem?.hint ?? "")")
    }

    /// The keys of a run, from its settings in the folder, in another session.
    @Test(
        arguments: [
            "loss=focal class_weights=balanced", "label_smoothing=0.1 class_weights=positive:3",
            "neftune=5 weight_decay=0.1", "optimizer=adafactor weight_decay=0.1 beta1=0.5",
            "optimizer=adafactor relative_step=yes scale_parameter=yes",
        ])
    func anInterruptedRunIsFinishedElsewhere(keys: String) {
        let train =
            self.train.replacing(keys.contains("relative") ? " lr=1e-3" : "nothing", with: "") + " " + keys
        let (whole, first, second) = (bench(), bench(), bench())
        whole.run("\(setup)\n\(train)")
        stop(first, "\(setup)\n\(train) as=mine", at: "7/18")
        #expect(second.problem("resume mine") == nil)
        #expect(outcome(second) == outcome(whole))
        // And in its own session.
        #expect(first.problem("resume") == nil || first.problem("resume mine") == nil)
        let plain = bench()
        plain.run("\(setup)\n\(self.train)")
        #expect(outcome(plain) != outcome(whole))
    }

    /// Validation is judged by the same measure, whatever is learned by.
    @Test func validationStaysComparable() {
        func untuned(_ keys: String) -> Double? {
            let bench = prepared()
            bench.run("train steps=1 \(keys)")
            return bench.interpreter.session.state.engine.run?.untuned?.validation?.loss
        }
        let plain = untuned("")
        #expect(plain != nil)
        #expect(untuned("loss=focal") == plain && untuned("label_smoothing=0.5 neftune=20") == plain)
    }

    /// A weighted run learns what a plain one passes over.
    @Test func writersTakeClassWeightsToo() {
        let bench = bench()
        bench.run("model nano-llama\nload toy train=16 test=8 validation=0 prompt=alpaca\nlora")
        #expect(bench.problem("train steps=2 class_weights=balanced label_smoothing=0.1 neftune=5") == nil)
    }
}
