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
        let instruction = "### Instruction:\n{instruction}\n\n"
        let response = "### Response:\(end){response}"
        return PromptTemplate(
            name: name, summary: summary,
            .pattern(
                TemplatePattern(
                    parsing: "\(opening), paired with an input that provides further context. \(request)\n\n"
                        + "\(instruction)### Input:\n{input}\n\n\(response)"),
                withoutInput: TemplatePattern(
                    parsing: "\(opening). \(request)\n\n\(instruction)\(response)")))
    }
}
