import Foundation

extension Hint {
    /// A tiny model of LLaMA's family with a tokenizer that llama.cpp knows.
    static let tinyLLaMA = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/fixtures/gguf/llama").path

    private static let writing = "model \(tinyLLaMA)\nload toy train=16 test=8 validation=0 prompt=plain\n"

    static let export = [
        Hint(
            "save and merge write what Transformers loads",
            from: ready + "lora\ntrain steps=1\nexport gguf to={D}/a.gguf",
            then: "save {D}/adapter\nmerge {D}/merged"),
        Hint(
            "merge writes the whole model for Transformers; an adapter (adapter=yes) needs no tokenizer",
            from: "model nano-llama\nlora\nexport gguf to={D}/a.gguf",
            then: "merge {D}/merged\nexport gguf to={D}/a.gguf adapter=yes"),
        Hint(
            "name a file that ends in …", from: "model \(tinyLLaMA)\nexport gguf to={D}/a.bin",
            then: "export gguf to={D}/a.gguf"),
        Hint(
            "give to= another name",
            from:
                "model \(tinyLLaMA)\nexport gguf to={D}/a.gguf\nmodel {D}/a.gguf\nexport gguf to={D}/a.gguf",
            then: "export gguf to={D}/b.gguf"),
        Hint(
            "write save in place of export, which keeps it beside its base",
            from: writing + "prompt_tuning tokens=4\ntrain steps=1\nexport gguf to={D}/a.gguf",
            then: "save {D}/adapter"),
        Hint(
            "its thin matrices are small: type=f16",
            from: "model \(tinyLLaMA)\nlora\nexport gguf to={D}/a.gguf adapter=yes type=q8_0",
            then: "export gguf to={D}/a.gguf adapter=yes type=f16"),
        Hint(
            "leave adapter=yes out: what is attached is then merged into the whole model",
            from: "model \(tinyLLaMA)\nlora dora=yes\nexport gguf to={D}/a.gguf adapter=yes",
            then: "export gguf to={D}/a.gguf"),
    ]
}
