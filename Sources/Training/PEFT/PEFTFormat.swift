import JSON
import Learning

/// How PEFT's files hold what a method makes: what its adapter_config.json says beyond what it says of every method.
///
/// Files are read and written by Interchange, which knows no method: a method that PEFT can read brings one of
/// these, a `PEFTLayerFormat` or a `PEFTPromptFormat`.
package protocol PEFTFormat: Sendable {
    /// `peft_type`.
    static var peftType: String { get }
    /// What it is a format of.
    static var method: any Method.Type { get }
    /// What people call it: `LoRA`.
    static var name: String { get }
    /// What is done about each of its keys, beside `PEFTKeys.common` and, of layers, `PEFTKeys.ofLayers`.
    static var keys: [String: KeyDecision] { get }
    /// The keys within those of its keys that are objects of PEFT's own.
    static var parts: [String: [String]] { get }
    /// What the names of a model's tensors begin with in its files.
    static var namePrefix: String { get }

    /// - `config`: the file, without the keys that the person goes on without.
    /// - Throws: `bad-adapter` for values of a wrong kind, `unsupported-key`.
    init(reading config: PEFTKeys) throws

    /// The method's settings, as far as the file says them.
    var values: SettingValues { get }
    /// What should be known of it, each a sentence.
    var remarks: [String] { get }
    /// Its own keys, as PEFT writes them.
    var json: JSONObject { get }
}

extension PEFTFormat {
    package static var parts: [String: [String]] { [:] }
    package var remarks: [String] { [] }
}
