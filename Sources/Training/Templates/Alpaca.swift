extension PromptTemplate {
    /// Stanford Alpaca's prompt, to the byte; the answer follows the colon directly.
    package static let alpaca = alpacaLike(
        name: "alpaca", summary: "Stanford Alpaca's instruction prompt", end: "")

    /// alpaca-lora's: the same with a line feed before the answer, which makes other tokens.
    package static let alpacaLoRA = alpacaLike(
        name: "alpaca-lora", summary: "alpaca-lora's variant with a final line feed", end: "\n")

    private static func alpacaLike(name: String, summary: String, end: String) -> PromptTemplate {
        let opening = "Below is an instruction that describes a task"
        let request = "Write a response that appropriately completes the request."
        return PromptTemplate(
            name: name, summary: summary,
            withInput: { instruction, input in
                "\(opening), paired with an input that provides further context. \(request)\n\n"
                    + "### Instruction:\n\(instruction)\n\n### Input:\n\(input)\n\n### Response:\(end)"
            },
            withoutInput: { instruction in
                "\(opening). \(request)\n\n### Instruction:\n\(instruction)\n\n### Response:\(end)"
            })
    }
}
