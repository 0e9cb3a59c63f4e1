import Training

extension PromptTemplate {
    /// The prompt as a chat template in Jinja: what is asked for stands in it, what was answered ends with the token that
    /// ends a text.
    var jinja: String {
        let mark = "\u{1}"
        let around = render(instruction: mark, input: "").split(
            separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        func literal(_ text: Substring?) -> String {
            let escaped = (text ?? "").replacing("\\", with: "\\\\").replacing("'", with: "\\'")
                .replacing("\n", with: "\\n")
            return "'\(escaped)'"
        }
        return "{% for message in messages %}{% if message['role'] == 'assistant' %}"
            + "{{ message['content'] + eos_token }}{% else %}"
            + "{{ \(literal(around.first)) + message['content'] + \(literal(around.dropFirst().first)) }}"
            + "{% endif %}{% endfor %}"
    }
}
