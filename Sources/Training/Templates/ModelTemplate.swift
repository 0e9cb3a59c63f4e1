import Crypto
import Diagnostics
import Foundation
import System
import Tokenizers

extension PromptTemplate {
    /// The template of dialogues in the model's files, where it is one that is known.
    package static let ofModel = PromptTemplate(
        name: "chat", summary: "the model's own template of dialogues", .ofModel)

    /// SHA-256 of Jinja texts, each in its normal form: no other text is taken for one of them.
    private static let known: [String: PromptTemplate] = [
        "7b1a053b0dac69a2e0a3183a1787ccbf48b73f719157d908e8e52c54e59940e3": .smolLM2,
        "1d7b42f391761a571815155a0cdd14f3e89714e95ac5827af298f803f4c44082": .qwen2,
        "9b0397f1fc28f3c9ef2a6802e97561c5bd15d6ce789448a01efd757b6cca9d5a": .chatML,
        "fdbf06a1fd8e3ffd76435a6809b7c6692b2d812c69413252b95de9b29ab5b617": .chatML,
        "d86dc4b419229f042aee0fd77fff616741f8ee750d30e84422ef8bce7c766246": .chatML,
        "ea5c78b580e449a87cea8b2fa39c241de54fd8021a0e15a44860bb1d22563886": .llama3,
        "77514550d157c215e1abaf30f335bbf96ebabf57ccb5c2811a48bb57ab391022": .zephyr,
        "471bf949c63209141fba017815f191538018c9eef2d14a97166c6b1c5a3023fc": .llama2,
    ]

    /// The template itself: in place of `chat` that which the model's files have.
    ///
    /// - Throws: `no-chat-template`, `unknown-chat-template`.
    package func resolved(for tokenizer: any Tokenizer) throws -> PromptTemplate {
        guard case .ofModel = form else { return self }
        guard let text = tokenizer.chatTemplate else {
            throw Diagnostic(
                "no-chat-template", "the model's files have no template of dialogues",
                about: "prompt", hint: "write prompt=chatml, or the template that it was trained with"
            )
        }
        guard let found = Self.known[Self.hash(of: text)] else {
            throw Diagnostic(
                "unknown-chat-template",
                "the template of dialogues in the model's files is none that is known here, and is not guessed at: \(text.prefix(60).description.forMessages)…",
                about: "prompt", hint: "write prompt=chatml, or another template that says the same")
        }
        return found
    }

    /// SHA-256 of the text without what makes no difference to Jinja: white space around it and next to the braces of its
    /// tags; line feeds in its strings may be written out or as `\n`.
    private static func hash(of text: String) -> String {
        var normal = ""
        for character in text.replacing("\\n", with: "\n").trimmedText {
            // White space after an opening brace or sign is not kept, and before a closing one it is taken back.
            let isSpace = character.isWhitespace
            if isSpace, ["{{", "{%", "{{-", "{%-"].contains(where: normal.hasSuffix) { continue }
            normal.append(character)
            if ["}}", "%}"].contains(where: normal.hasSuffix) {
                let sign = normal.hasSuffix("-}}") || normal.hasSuffix("-%}") ? 3 : 2
                let tag = normal.suffix(sign)
                normal = String(normal.dropLast(sign)).trimmedEnd + tag
            }
        }
        return hexadecimal(of: SHA256.hash(data: Data(normal.utf8)))
    }
}
