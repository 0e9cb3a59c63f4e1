import Compute
import JSON
import Learning
import Models

/// How a folder holds a method that changes what blocks give and that PEFT has not: a configuration in the words of
/// the program that has it, and tensors by that program's names.
///
/// Such folders are read and written by Interchange, which knows no method.
package protocol BlockFormat: Sendable {
    /// What it is a format of.
    static var method: any Method.Type { get }
    /// What people call it, and whose words these are.
    static var name: String { get }
    static var program: String { get }
    /// The configuration's file, by which such a folder is known, and the tensors'.
    static var fileName: String { get }
    static var weightsName: String { get }
    /// What is done about each key of the configuration.
    static var keys: [String: KeyDecision] { get }

    /// - `config`: the file, without the keys that the person goes on without.
    /// - Throws: `bad-adapter` for values of a wrong kind, or that do not go together.
    init(reading config: JSON) throws

    /// The hooks of each block, as the file says.
    ///
    /// - `find`: a tensor by name and shape; throws where there is none.
    /// - Throws: `wrong-base` for blocks that the model has not; what `find` throws.
    func hooks(
        of model: any LanguageModel, _ find: (_ name: String, _ shape: [Int]) throws -> StoredTensor
    ) throws -> [Int: any BlockHook]

    /// The method's settings, as the file says them.
    var values: SettingValues { get }
    /// What should be known of it, each a sentence.
    var remarks: [String] { get }

    /// Nil where a hook is not of this method, or blocks differ in more than their numbers.
    init?(describing hooks: [Int: any BlockHook])
    var json: JSONObject { get }
    /// A block's tensors by name.
    static func tensors(of hook: any BlockHook, in block: Int) -> [(name: String, parameter: Parameter)]
}
