import Compute

/// Trained rows in every sequence, in the place of words' (Lester et al. 2021).
package struct PromptTuning: RowHook {
    /// (virtual tokens, width)
    package let prompt: Parameter
    package let tokensBefore: Int

    /// PEFT's name of it, less the adapter's own.
    package static let name = "prompt_encoder.embedding.weight"

    /// - `values`: (virtual tokens, width).
    /// - `tokensBefore`: how many of a sequence's tokens stand before the rows.
    package init(_ values: Buffer, width: Int, tokensBefore: Int = 0) {
        self.init(
            Parameter(name: Self.name, shape: [values.count / width, width], buffer: values),
            tokensBefore: tokensBefore)
    }

    private init(_ prompt: Parameter, tokensBefore: Int) {
        (self.prompt, self.tokensBefore) = (prompt, tokensBefore)
    }

    package var count: Int { prompt.rows }
    package var parameters: [Parameter] { [prompt] }

    package func with(_ own: (Parameter) -> Parameter) -> PromptTuning {
        PromptTuning(own(prompt), tokensBefore: tokensBefore)
    }

    package func rows(_ pass: Pass) -> Tensor { pass.tensor(prompt) }
}
