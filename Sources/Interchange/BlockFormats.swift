import Foundation
import Learning
import Models
import Training

/// The formats of folders with methods that change what blocks give.
enum BlockFormats {
    static let all: [any BlockFormat.Type] = MethodRegistry.all.compactMap { $0.blockFormat }

    static let fileNames = all.flatMap { [$0.fileName, $0.weightsName] }

    /// The one that a folder has the configuration of; nil for none.
    static func type(in folder: String) -> (any BlockFormat.Type)? {
        all.first { FileManager.default.fileExists(atPath: "\(folder)/\($0.fileName)") }
    }

    /// What stands before the names of tensors that are the model's own, the classifier's among them, as pyvene has it.
    static let modelPrefix = "model."
}

/// What both kinds of adapters' folders bring.
package typealias OpenedTuning = HeadBearing & NoteBearing & TuningSource

/// An adapter's folder, whichever format it has.
package enum AdapterFolder {
    /// - `ignoring`: keys of its files that the person goes on without.
    /// - Throws: what is wrong with its files.
    package static func open(
        _ folder: String, for model: any LanguageModel, ignoring: Set<String> = []
    ) throws -> any OpenedTuning {
        if let format = BlockFormats.type(in: folder) {
            return try OpenedBlocks(folder: folder, as: format, for: model, ignoring: ignoring)
        }
        return try OpenedAdapter(folder: folder, for: model, ignoring: ignoring)
    }
}
