import Checkpoints
import Compute
import JSON
import Tokenizers

/// Keys and values of a GGUF file, as llama.cpp's converter writes them.
enum GGUFHeader {
    typealias Pairs = [(key: String, value: GGUFValue)]

    /// `general.*` besides the architecture.
    ///
    /// - `kind`: `model` or `adapter`.
    static func general(_ kind: String, name: String, parameters: Int, type: GGUFType) -> Pairs {
        [
            ("general.type", .string(kind)), ("general.name", .string(name)),
            ("general.size_label", .string(sizeLabel(parameters))),
            ("general.file_type", .uint32(type.fileType)),
            // Of ggml's blocks; it stands in files without any, too.
            ("general.quantization_version", .uint32(2)),
        ]
    }

    /// `135M`, `1.1B`.
    static func sizeLabel(_ count: Int) -> String {
        for (size, letter) in [(1_000_000_000.0, "B"), (1_000_000, "M")] where Double(count) >= size {
            let number = Double(count) / size
            let tenths = (10 * number).rounded() / 10
            let text = number < 10 && tenths != tenths.rounded() ? "\(tenths)" : "\(Int(number.rounded()))"
            return text + letter
        }
        return "\(Int((Double(count) / 1000).rounded()))K"
    }

    /// `tokenizer.*`.
    ///
    /// - `template`: how a dialogue becomes a text, in Jinja; nil where nobody knows.
    static func tokenizer(_ vocabulary: GGUFVocabulary, template: String?) -> Pairs {
        var pairs: Pairs = [
            ("tokenizer.ggml.model", .string(vocabulary.model)),
            ("tokenizer.ggml.pre", .string(vocabulary.pre)),
            ("tokenizer.ggml.tokens", .strings(vocabulary.tokens)),
        ]
        if let scores = vocabulary.scores { pairs.append(("tokenizer.ggml.scores", .floats(scores))) }
        pairs.append(("tokenizer.ggml.token_type", .integers(vocabulary.types)))
        if let merges = vocabulary.merges { pairs.append(("tokenizer.ggml.merges", .strings(merges))) }
        let special = vocabulary.special
        let ids: [(String, Int32?)] = [
            ("bos", special.bos), ("eos", special.eos), ("unknown", special.unk), ("seperator", special.sep),
            ("padding", special.pad), ("cls", special.cls), ("mask", special.mask),
        ]
        for (name, id) in ids {
            if let id { pairs.append(("tokenizer.ggml.\(name)_token_id", .uint32(UInt32(id)))) }
        }
        pairs.append(("tokenizer.ggml.add_bos_token", .bool(vocabulary.addsBOS)))
        pairs.append(("tokenizer.ggml.add_eos_token", .bool(vocabulary.addsEOS)))
        if let adds = vocabulary.addsSpace {
            pairs.append(("tokenizer.ggml.add_space_prefix", .bool(adds)))
        }
        if let template { pairs.append(("tokenizer.chat_template", .string(template))) }
        return pairs
    }
}
