import Compute
import Diagnostics
import Learning
import Models
import TestFixtures

@testable import Training

/// A short run over a head of two classes: two epochs of two steps, several shares each.
enum RunBits {
    /// Whose values are no others from one run to the next.
    static func head(_ model: any LanguageModel) -> HeadOnly {
        let head = ClassificationHead(
            for: model, classes: 2, pooling: model.isCausal ? .last : .mean, usesPooler: false, seed: 1)
        head.classifier.weight.fill(scale: 0.4, phase: 0.5)
        return HeadOnly(head: head)
    }

    /// Eight texts of different lengths.
    ///
    /// - `growth`: tokens that each has more than the one before, as far as there is room.
    static func examples(growth: Int, room: Int = .max) -> [EncodedExample] {
        (0..<8).map { (index: Int) -> EncodedExample in
            let ids = (0..<min(4 + growth * index, room)).map { (place: Int) in
                Int32((place * 7 + index) % 50)
            }
            return EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 2))
        }
    }

    /// The bits of losses, of gradients' norms and of what the weights have become.
    static func of(
        _ model: any LanguageModel, under method: any Method, _ examples: [EncodedExample]? = nil,
        workers: Int, _ change: (inout TrainerSettings) -> Void
    ) throws -> [UInt64] {
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens, settings.lr) = (4, 2, 40, 1e-3)
        change(&settings)
        let tuning = try method.tuning(of: model, seed: 9)
        let pool = Workers(count: workers)
        defer { pool.close() }
        let trainer = try Trainer(
            model: model, task: head(model), tuning: tuning,
            examples: examples ?? self.examples(growth: 4, room: model.room(under: tuning)),
            settings: settings, workers: pool)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return trainer.history.flatMap { [$0.loss.bitPattern, $0.gradientNorm.bitPattern] }
            + trainer.trainedParameters.flatMap { $0.dense().floats.map { UInt64($0.bitPattern) } }
    }
}
