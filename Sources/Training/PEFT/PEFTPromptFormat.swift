import Compute
import Learning
import Models

/// How PEFT's files hold a method of its prompt learning: one tensor for the whole model.
package protocol PEFTPromptFormat: PEFTFormat {
    /// Settings that PEFT's files cannot hold, by name: they go into notes of our own.
    var noted: [String: SettingValue] { get set }
    /// See `TuningSource`.
    func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String]

    /// The tensor's shape on a model.
    ///
    /// - Throws: `wrong-base` where the file says that it was made for another.
    func shape(on model: any LanguageModel) throws -> [Int]
    /// What makes of the model what PEFT makes of it, with parameters of its own, all of them trained.
    ///
    /// - `values`: of that shape.
    func tuning(of model: any LanguageModel, from values: Buffer) throws -> Tuning

    /// Nil where the tuning is not of this method, or changes what the files cannot hold.
    init?(describing tuning: Tuning, of model: any LanguageModel)
    /// What goes into the file: all that the tuning's own parameters come to.
    static func values(of tuning: Tuning) throws -> Buffer?
}

extension PEFTPromptFormat {
    /// The model is not wrapped twice.
    package static var namePrefix: String { "base_model." }
    /// What the tensor is called, whatever the method.
    package static var tensorName: String { "prompt_embeddings" }

    package var noted: [String: SettingValue] {
        get { [:] }
        set {}
    }
    package func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] { [] }
}
