import Datasets
import Diagnostics
import Language

/// How words are masked where an encoder learns texts themselves, as keys of `load`.
struct MaskingParameters: ParameterBundle, Sendable {
    private let share = VerbParameter<Double?>(
        "mask", "chance of each word to be masked, where an encoder learns texts themselves",
        .above(0, to: 1)
    ).also("mlm_probability").otherwise("0.15")
    private let masked = VerbParameter<Double?>(
        "mask_replace", "of masked words, how many are read as the mask", .from(0, to: 1)
    ).also("mask_replace_prob").otherwise("0.8")
    private let swapped = VerbParameter<Double?>(
        "mask_random", "of masked words, how many are read as any word; the rest stands as it is",
        .from(0, to: 1)
    ).also("random_replace_prob").otherwise("0.1")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    private var keys: [String] { declarations.map(\.name) }

    /// - Returns: nil where nothing is said.
    /// - Throws: `bad-value` for more than all of them.
    func masking(in arguments: Arguments) throws -> Masking? {
        guard keys.contains(where: { arguments.given($0) != nil }) else { return nil }
        var masking = Masking()
        masking.share = arguments[share] ?? masking.share
        masking.masked = arguments[masked] ?? masking.masked
        masking.swapped = arguments[swapped] ?? min(masking.swapped, max(0, 1 - masking.masked))
        guard masking.masked + masking.swapped <= 1 + 1e-9 else {
            throw Diagnostic(
                "bad-value",
                "mask_replace and mask_random are shares of the masked words, and together more than all of them",
                at: arguments.span(of: masked), hint: "write mask_replace=0.8 mask_random=0.1")
        }
        return masking
    }

    /// - Throws: `unused-key` where something else than texts themselves is learned.
    func check(_ dataset: Dataset, in arguments: Arguments) throws {
        guard dataset.shape != .texts, let key = keys.first(where: { arguments.given($0) != nil }) else {
            return
        }
        throw Diagnostic(
            "unused-key",
            "\(key)= is of texts that are learned themselves, and here something is said of them",
            at: arguments.span(of: key), hint: "write label=none beside it, or leave it out")
    }
}
