import Diagnostics
import Learning
import Models
import Tokenizers

/// Continued pretraining: every token of a text but the first, the text's end among them.
package final class TextModelling: LearningTask {
    package static let declaration = TaskDeclaration(
        "texts", usualLength: 512,
        suits: { $0.dataset.shape == .texts },
        make: { request, maxLength in
            guard request.dataset.masking == nil else {
                throw Diagnostic(
                    "unused-key",
                    "mask= is of an encoder, and \(request.name) foretells each word from those before it",
                    hint: "load the data again without mask, or take an encoder such as minilm")
            }
            return try TextModelling(model: request.model, tokenizer: request.tokenizer, maxLength: maxLength)
        })

    package let encoder: any Encoder
    package let summary: String

    /// - `maxLength`: tokens of a window; `stride`, `hasEnd`: see `WindowEncoder`.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, maxLength: Int, stride: Int? = nil,
        hasEnd: Bool = true
    ) throws {
        try TextWriting.requireWriter(model)
        let window = min(maxLength, model.config.context)
        encoder = WindowEncoder(tokenizer: tokenizer, maxLength: window, stride: stride, hasEnd: hasEnd)
        summary = "texts word by word, in windows of \(window)"
    }

    package var loss: any Loss { CrossEntropyLoss() }
    package var readout: Readout { .vocabulary }
    package func judge() -> any Judge { TextJudge() }
}
