import Foundation
import Interchange
import Learning
import Models
import TestFixtures
import Testing
import Training

/// What is written of a tuning beside a base in four bits, and what is said where it is opened.
@Suite struct QuantisedBaseNotesTests {
    private static func tuned(_ family: String, _ precision: Precision) throws -> (any LanguageModel, Tuning)
    {
        let model = try ModelLoader.load(path: GoldenFiles.model(family), precision: precision)
        let tuning = try LowRankMethod(["dropout": .number(0)]).tuning(of: model, seed: 1)
        for (index, parameter) in tuning.trainedParameters.enumerated() {
            parameter.fill(scale: 0.1, phase: Double(index))
        }
        return (model, tuning)
    }

    @Test(arguments: ["llama", "gpt2"], [Precision.nf4, .f32])
    func anAdapterSaysWhatItsBaseWasHeldIn(family: String, precision: Precision) throws {
        let (model, tuning) = try Self.tuned(family, precision)
        try SharedFixtures.temporary { place in
            let difference = try SavedAdapter(
                model, tuning, as: LoRAFormat.self, head: nil, notes: SharingNotes(method: "lora")
            ).write(to: place + "/a", probe: LogitProbe(for: model))
            #expect(difference.largest == 0)
            for other in [Precision.nf4, .f32, .native] {
                let base = try ModelLoader.load(path: GoldenFiles.model(family), precision: other)
                let opened = try OpenedAdapter(folder: place + "/a", for: base)
                let says = opened.remarks.contains { $0.contains("made beside a base that was") }
                #expect(says == ((precision == .nf4) != (other == .nf4)), "\(other)")
                #expect(!opened.remarks.contains { $0.contains("made on another base") })
            }
        }
    }

    @Test(arguments: ["llama", "gpt2"], [Precision.nf4, .f32])
    func soDoesAChangeOfBlocks(family: String, precision: Precision) throws {
        let model = try ModelLoader.load(path: GoldenFiles.model(family), precision: precision)
        let tuning = try ReFTMethod(["r": .count(1)]).tuning(of: model, seed: 1)
        try SharedFixtures.temporary { place in
            _ = try SavedBlocks(
                model, tuning, as: ReFTFormat.self, head: nil, notes: SharingNotes(method: "reft")
            ).write(to: place + "/a", probe: LogitProbe(for: model))
            for other in [Precision.nf4, .f32, .native] {
                let base = try ModelLoader.load(path: GoldenFiles.model(family), precision: other)
                let remarks = try AdapterFolder.open(place + "/a", for: base).remarks
                let says = remarks.contains { $0.contains("made beside a base that was") }
                #expect(says == ((precision == .nf4) != (other == .nf4)), "\(other)")
                #expect(!remarks.contains { $0.contains("made on another base") })
            }
        }
    }

    @Test(arguments: ["llama", "gpt2", "bert"])
    func aMergeWritesTheFloatsThatTheBaseStandsFor(family: String) throws {
        let (model, tuning) = try Self.tuned(family, .nf4)
        let before = try SharedFixtures.logits(model, tuning, nil)
        try SharedFixtures.temporary { place in
            let outcome = try SavedModel(model, tuning, head: nil, notes: SharingNotes(method: "full"))
                .write(to: place + "/m", probe: LogitProbe(for: model))
            #expect(outcome.difference.isRounding)
            let merged = try ModelLoader.load(path: place + "/m", precision: .f32)
            #expect(merged.store.quantisation == nil)
            let after = try SharedFixtures.logits(merged, nil, nil)
            #expect(SharedFixtures.largestDifference(after, before) < 1e-3)
        }
    }
}
