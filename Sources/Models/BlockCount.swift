import Diagnostics

extension Int {
    /// So many of a model's first blocks.
    ///
    /// - Throws: `bad-layers` where the model has fewer.
    package func asBlocks(of count: Int) throws -> Int {
        guard (1...count).contains(self) else {
            throw Diagnostic(
                "bad-layers", "blocks=\(self) is not possible: the model has \(count) blocks",
                about: "blocks",
                hint: "write blocks=\(count) at most")
        }
        return self
    }
}
