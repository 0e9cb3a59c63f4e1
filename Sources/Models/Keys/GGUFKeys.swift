import JSON

extension KeyDecisions {
    /// A GGUF header; `tokenizer.*` is the tokenizer's to decide.
    ///
    /// - `own`: of the architecture's own keys, which begin with its name; `others`: what is said of the rest of them.
    static func gguf(
        _ architecture: String, _ own: [String: KeyDecision], others: String, binding: Set<String> = []
    ) -> KeyDecisions {
        KeyDecisions(
            "the GGUF header", general.merging(notes) { $1 }.merging(own) { $1 },
            beginning: beginnings.merging(["\(architecture).": .refused(others)]) { $1 },
            binding: binding.union(["general.type", "split.no", "split.count"]))
    }

    private static let general: [String: KeyDecision] = [
        "general.architecture": .used, "general.alignment": .used,
        "general.type": .only(["model"], "a model is"),
        "general.quantization_version": .only([2], "blocks of version 2 are"),
        "general.file_type": .harmless("every tensor says its own type"),
        "split.no": .only([0], "a file with the whole model"),
        "split.count": .only([0, 1], "a file with the whole model"),
        "split.tensors.count": .harmless("the file's own count holds"),
    ]

    private static let beginnings: [String: KeyDecision] = [
        "general.base_model.": .harmless("where the model comes from"),
        "general.dataset.": .harmless("where the model comes from"),
        "general.source.": .harmless("where the model comes from"),
        "general.license": .harmless("terms of use"),
        "general.sampling.": .harmless("of writing text, where settings say it"),
        "quantize.imatrix.": .harmless("how the file was made"),
        "mradermacher.": .harmless("how the file was made"),
        "adapter.": .refused("whole models are"), "imatrix.": .refused("whole models are"),
        "clip.": .refused("models of text alone are"),
        "diffusion.": .refused("texts read from left to right are"),
        "xielu.": .refused("LLaMA's own activation is"),
    ]

    private static let notes = Dictionary(
        uniqueKeysWithValues: [
            "name", "author", "version", "organization", "finetune", "basename", "description",
            "quantized_by", "size_label", "url", "doi", "uuid", "repo_url", "tags", "languages", "datasets",
        ].map { ("general.\($0)", KeyDecision.harmless("where the model comes from")) })
}
