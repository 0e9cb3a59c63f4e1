import Compute
import Diagnostics
import Foundation
import Interchange
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// LoRA on thirds of GPT-2's fused layer: trained, saved in block form, opened again.
@Suite struct ThirdsTests {
    @Test func tenStepsOnQueriesAndValuesOfGPT2EqualTorchs() throws {
        let model = try ModelLoader.load(path: GoldenFiles.model("gpt2"))
        let method = try LowRankMethod([
            "r": .count(3), "alpha": .number(6), "dropout": .number(0), "targets": .names(["q", "v"]),
        ])
        let tuning = try method.tuning(of: model, seed: 1)
        let parameters = tuning.trainedParameters
        #expect(parameters.map(\.shape) == (0..<4).flatMap { _ in [[3, 24], [24, 3]] })
        for (index, parameter) in parameters.filter({ $0.name.contains("lora_A") }).enumerated() {
            parameter.fill(scale: 0.3, phase: 0.1 * Double(index))
        }
        let examples = GoldenFiles.sequences.enumerated().map {
            EncodedExample(text: $1, identity: UInt64($0))
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, 1e-2)
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let trainer = try Trainer(
            model: model, task: NextToken(), tuning: tuning, examples: examples,
            settings: settings, workers: Workers(count: 2), order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        let golden = try JSON(
            parsing: Data(contentsOf: URL(filePath: GoldenFiles.peft("gpt2-thirds.json"))))
        let wanted = try #require(golden["losses"]?.array).compactMap(\.number)
        #expect(wanted.count == trainer.history.count)
        for (record, loss) in zip(trainer.history, wanted) { #expect(abs(record.loss - loss) / loss < 1e-5) }
        try Self.expectTheSameAgain(model, tuning)
    }

    /// Saved in block form, opened again in parts.
    private static func expectTheSameAgain(_ model: any LanguageModel, _ tuning: Tuning) throws {
        let before = try SharedFixtures.logits(model, tuning, nil)
        let values = tuning.trainedParameters.map { $0.dense().floats }
        try SharedFixtures.temporary { folder in
            let difference = try SavedAdapter(
                model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora")
            )
            .write(to: folder + "/a", probe: LogitProbe(for: model))
            #expect(difference.isRounding)
            let outcome = try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                .write(to: folder + "/m", probe: LogitProbe(for: model))
            #expect(outcome.difference.isRounding)
            let written = try JSON(
                parsing: Data(contentsOf: URL(filePath: folder + "/a/adapter_config.json")))
            #expect(
                written["r"] == 6 && written["lora_alpha"] == 12 && written["target_modules"] == ["c_attn"])
            let again = try OpenedAdapter(folder: folder + "/a", for: model)
            let opened = try again.tuning(of: model, seed: 2)
            #expect(opened.trainedParameters.map { $0.dense().floats } == values)
            #expect(try SharedFixtures.logits(model, opened, nil) == before)
            // Without our notes it is one pair of matrices, as PEFT has it.
            try FileManager.default.removeItem(atPath: folder + "/a/lorikeet.json")
            let whole = try OpenedAdapter(folder: folder + "/a", for: model).tuning(of: model, seed: 2)
            #expect(whole.trainedParameters.map(\.shape).first == [6, 24])
            let joined = try SharedFixtures.logits(model, whole, nil)
            #expect(SharedFixtures.largestDifference(before, joined) < 1e-5)
        }
    }
}
