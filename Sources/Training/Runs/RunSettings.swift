import Crypto
import Datasets
import Diagnostics
import Foundation
import Learning
import Models

/// What a run is made of, as plain data: it can be begun, or gone on with, by whoever has the same inputs.
package struct RunSettings: Sendable, Hashable, Codable {
    package var model: ModelRequest
    package var data: DatasetRequest
    /// The prompt's template and what it asks for; nil with a classifier on top.
    package var prompt: String?
    package var instruction: String?
    /// How classes are scored that a prompt asks for; nil for the sum over their tokens.
    package var scoring: WordScoring?
    /// The classes, in the order of the labels.
    package var labels: [String]
    package var method: MethodOrigin
    package var maxLength: Int
    /// Of the classifier's first values.
    package var headSeed: UInt64
    package var learning: TrainerSettings
    package var start: RunStart

    package init(
        model: ModelRequest, data: DatasetRequest, prompt: String?, instruction: String?, labels: [String],
        method: MethodOrigin, maxLength: Int, headSeed: UInt64, learning: TrainerSettings, start: RunStart
    ) {
        (self.model, self.data, self.prompt, self.instruction) = (model, data, prompt, instruction)
        (self.labels, self.method, self.maxLength) = (labels, method, maxLength)
        (self.headSeed, self.learning, self.start) = (headSeed, learning, start)
    }
}

/// How a tuning was made: by a method and its settings, or from files.
package struct MethodOrigin: Sendable, Hashable, Codable {
    package var name: String
    /// All that are chosen or usual, by name.
    package var settings: [String: SettingValue]
    package var seed: UInt64
    /// Where files are that brought it; nil where none did.
    package var folder: String?
    /// Keys of those files that the person goes on without.
    package var ignored: [String] = []
    /// What was frozen and unfrozen since, in that order; nil for nothing.
    package var changes: [WeightChange]?

    package init(_ source: any TuningSource, seed: UInt64, folder: String? = nil, ignored: [String] = []) {
        name = source.declaration.name
        settings = source.values.all
        (self.seed, self.folder, self.ignored) = (seed, folder, ignored)
    }

    /// The method itself, where no files brought it.
    ///
    /// - Throws: `unknown-method` for one that this program has not; what its settings bring up.
    package func method() throws -> any Method {
        guard let kind = MethodRegistry.all.first(where: { $0.declaration.name == name }) else {
            throw Diagnostic("unknown-method", "there is no method \(name) here")
        }
        return try kind.init(SettingValues(kind.declaration.settings, all: settings))
    }
}
