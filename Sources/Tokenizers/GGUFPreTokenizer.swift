import Diagnostics

/// What `tokenizer.ggml.pre` stands for.
struct GGUFPreTokenizer {
    let steps: [PreTokenizer]
    var ignoresMerges = false
    /// Unless `add_bos_token` says otherwise.
    var addsBOS = false

    private static let families: KeyValuePairs<[String], GGUFPreTokenizer> = [
        ["default", "gpt-2", "gpt2", "phi-2", "olmo", "jais", "mpt", "dbrx", "roberta-bpe"]:
            GGUFPreTokenizer(steps: [.gpt2]),
        ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"]:
            GGUFPreTokenizer(steps: [.singleDigits, .gpt2]),
        ["llama-bpe", "llama3", "llama-v3", "falcon3"]:
            GGUFPreTokenizer(steps: [.llama3(digits: 3)], ignoresMerges: true, addsBOS: true),
        ["qwen2", "stablelm2", "megrez", "deepseek-r1-qwen"]: GGUFPreTokenizer(steps: [.llama3(digits: 1)]),
    ]

    private init(steps: [PreTokenizer], ignoresMerges: Bool = false, addsBOS: Bool = false) {
        self.steps = steps
        self.ignoresMerges = ignoresMerges
        self.addsBOS = addsBOS
    }

    init(named name: String) throws {
        guard let found = GGUFPreTokenizer.families.first(where: { $0.key.contains(name) })?.value else {
            throw unsupportedTokenizer(
                "tokenizer.ggml.pre", name.briefly,
                supported: GGUFPreTokenizer.families.flatMap(\.key).joined(separator: " "))
        }
        self = found
    }
}
