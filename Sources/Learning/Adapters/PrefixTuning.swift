/// One block's part of a trained prefix: keys and values before every sequence's own (Li & Liang 2021).
package struct PrefixTuning: KeyValueHook {
    package let encoder: PrefixEncoder
    package let block: Int

    package init(_ encoder: PrefixEncoder, block: Int) { (self.encoder, self.block) = (encoder, block) }

    package var count: Int { encoder.embedding.rows }
    package var parameters: [Parameter] { encoder.parameters }

    package func with(_ own: (Parameter) -> Parameter) -> PrefixTuning {
        PrefixTuning(encoder.with(own), block: block)
    }

    package func keysAndValues(_ pass: Pass) throws -> (keys: Tensor, values: Tensor) {
        let prefix = try encoder.prefix(pass)
        let (width, first) = (encoder.width, 2 * block * encoder.width)
        return (
            pass.columns(first..<first + width, of: prefix),
            pass.columns(first + width..<first + 2 * width, of: prefix)
        )
    }
}
