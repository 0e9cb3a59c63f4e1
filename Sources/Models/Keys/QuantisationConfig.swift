import Diagnostics
import JSON

/// `quantization_config` of a config.json: that the file's weights are bitsandbytes' in four bits.
///
/// Which tensors are, and how, the file says at each.
struct QuantisationConfig {
    private static let key = "quantization_config"

    /// `BitsAndBytesConfig` of Transformers.
    static let keys = KeyDecisions(
        "config.json",
        [
            "quant_method": .only(["bitsandbytes"], "bitsandbytes' four bits are, and quantised GGUF files"),
            "load_in_4bit": .only([true], "four bits are"), "_load_in_4bit": .only([true], "four bits are"),
            "load_in_8bit": .refused("bitsandbytes' four bits are"),
            "_load_in_8bit": .refused("bitsandbytes' four bits are"),
            "bnb_4bit_quant_type": .only(["nf4", "fp4"], "nf4 and fp4 are"),
            "bnb_4bit_use_double_quant": .harmless("every tensor's own state says it"),
            "bnb_4bit_compute_dtype": .harmless("numbers are computed in f32, as with float32 here"),
            "bnb_4bit_quant_storage": .harmless("the bytes are the same in tensors of any type"),
            "llm_int8_skip_modules": .harmless("every tensor says whether it is quantised"),
            "llm_int8_threshold": .harmless("of weights in 8 bits"),
            "llm_int8_has_fp16_weight": .harmless("of weights in 8 bits"),
            "llm_int8_enable_fp32_cpu_offload": .harmless("of weights in 8 bits"),
            "modules_to_not_convert": .harmless("every tensor says whether it is quantised"),
        ], binding: ["quant_method", "load_in_4bit", "load_in_8bit", "_load_in_8bit", "_load_in_4bit"])

    /// Nil where the configuration has none.
    ///
    /// - `ignored`: keys that the person goes on without.
    /// - Throws: `unsupported-key` for another quantisation; `bad-config`.
    init?(of config: JSON, ignoring ignored: Set<String>) throws {
        guard let found = config[Self.key], !found.isNull else { return nil }
        guard let object = found.object else {
            throw Diagnostic("bad-config", "config.json: \(Self.key) is no object")
        }
        guard !object.isEmpty else { return nil }
        try Self.keys.check(found, ignoring: ignored, at: "\(Self.key).")
        guard ["load_in_4bit", "_load_in_4bit"].contains(where: { object[$0] == true }) else {
            throw Diagnostic(
                "bad-config", "config.json: \(Self.key) does not say load_in_4bit",
                hint: "of quantised safetensors, those in bitsandbytes' four bits are supported")
        }
    }

    /// - Throws: `bad-config` where no weight is what the configuration says.
    func check(_ store: ParameterStore) throws {
        guard store.quantisation == nil else { return }
        throw Diagnostic(
            "bad-config",
            "config.json: \(Self.key) says load_in_4bit, but no tensor of the file is in four bits",
            hint: "do config and weights belong together? take the key out where the weights are floats")
    }
}
