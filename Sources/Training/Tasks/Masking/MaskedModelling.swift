import Datasets
import Diagnostics
import Learning
import Models
import Tokenizers

/// Continued pretraining of an encoder: some words of a text are masked, and it fills them in (Devlin et al. 2019).
///
/// A checkpoint without the head that does this is given a new one, which is the task's own and trained along.
package final class MaskedModelling: LearningTask {
    package static let declaration = TaskDeclaration(
        "masks", usualLength: 256,
        suits: { $0.dataset.shape == .texts && !$0.model.isCausal },
        make: { request, maxLength in
            try MaskedModelling(
                model: request.model, tokenizer: request.tokenizer,
                masking: request.dataset.masking ?? Masking(), maxLength: maxLength, seed: request.seed)
        })

    package let encoder: any Encoder
    package let readout: Readout
    package let summary: String
    package let remarks: [String]
    package let masking: Masking?
    private let isOfEach: Bool

    /// - `maxLength`: tokens of a window; `seed`: of a new head's first values.
    /// - `each`: whether each word is masked by itself, to be judged: as many passes as there are words.
    /// - Throws: `no-encoder`, `no-mask-token`.
    package init(
        model: any LanguageModel, tokenizer: any Tokenizer, masking: Masking, maxLength: Int,
        head: MaskedHead? = nil, seed: UInt64, each: Bool = false
    ) throws {
        guard !model.isCausal else {
            throw Diagnostic(
                "no-encoder", "masks are filled in by an encoder, and \(model.config.family) is none",
                hint: "take an encoder such as minilm")
        }
        guard let mask = tokenizer.special.mask else { throw Self.noMask }
        let draw = MaskDraw(
            masking, mask: mask, vocabulary: min(tokenizer.vocabularySize, model.config.vocabulary),
            special: tokenizer.special)
        let length = min(maxLength, model.config.context)
        encoder =
            each
            ? EachMaskedEncoder(tokenizer: tokenizer, draw: draw, maxLength: length)
            : MaskingEncoder(tokenizer: tokenizer, draw: draw, maxLength: length)
        let own: MaskedHead? =
            try model.hasLanguageHead ? nil : head ?? MaskedHead.fresh(for: model, seed: seed)
        readout = .masks(own)
        (isOfEach, self.masking) = (each, masking)
        summary =
            each
            ? "each word masked by itself, in windows of \(length)"
            : "\(masking.summary), in windows of \(length)"
        remarks =
            own != nil && head == nil
            ? [
                "the checkpoint has no head that fills masks in (cls.predictions): a new one is trained along, its dense "
                    + "layer drawn from the seed, its words told apart by the embeddings' own table"
            ] : []
    }

    static let noMask = Diagnostic(
        "no-mask-token", "the tokenizer names no token that stands for what is masked",
        hint: "take an encoder whose tokenizer has [MASK], such as minilm")

    package var loss: any Loss { CrossEntropyLoss() }
    package func judge() -> any Judge { MaskedJudge(isOfEach: isOfEach) }
}
