extension Pass {
    /// A part of a model of which only the input is kept, where the pass saves memory so: backward computes the part
    /// once more before it goes through it (Chen et al. 2016).
    ///
    /// The bytes are those of a pass that keeps all: what is drawn depends on where and not on when, and each
    /// gradient is added to in the same order, since the part's operations take the place on the tape that they would
    /// have had.
    ///
    /// - `x`: (tokens, width); `part`: makes as many rows of it. Of what is tracked it reads `x`, parameters, and
    ///   what `once` has made; it renews nothing.
    package func checkpoint(
        _ x: Tensor, _ part: @escaping (_ x: Tensor, _ pass: Pass) throws -> Tensor
    ) throws -> Tensor {
        guard isCheckpointing else { return try part(x, self) }
        // It is read again: nobody may write over it, and its contents are what is kept.
        let input = Tensor(rows: x.rows, columns: x.columns, buffer: x.buffer, slot: x.slot)
        let y = try recording(false) { try part(input, self) }
        return record(rows: y.rows, columns: y.columns, buffer: y.buffer, isTracked: y.isTracked) {
            [unowned self] gradient in
            // What this records is next on the tape.
            try part(input, self).slot?.add(gradient)
        }
    }
}
