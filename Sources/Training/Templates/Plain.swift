extension PromptTemplate {
    /// The input, the question, a colon: for base models.
    package static let plain = PromptTemplate(
        name: "plain", summary: "input, instruction, `Answer:`",
        .pattern(
            TemplatePattern(parsing: "{input}\n\n{instruction}\nAnswer:{response}"),
            withoutInput: TemplatePattern(parsing: "{instruction}\nAnswer:{response}")))
}
