extension PromptTemplate {
    /// LLaMA-2-chat's turn without a system message; the tokenizer adds the opening token itself.
    package static let llama2 = PromptTemplate(
        name: "llama2", summary: "LLaMA-2-chat's instruction turn",
        withInput: { instruction, input in "[INST] \(instruction)\n\n\(input) [/INST]" },
        withoutInput: { instruction in "[INST] \(instruction) [/INST]" })

    /// The input, the question, a colon: for base models.
    package static let plain = PromptTemplate(
        name: "plain", summary: "input, instruction, `Answer:`",
        withInput: { instruction, input in "\(input)\n\n\(instruction)\nAnswer:" },
        withoutInput: { instruction in "\(instruction)\nAnswer:" })
}
