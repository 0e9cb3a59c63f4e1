/// A file format that holds rows; a file each, and a line in `RowFormats.swift`.
protocol RowFormat: Sendable {
    /// File endings without the dot; `.gz` after one is understood by every format.
    var endings: [String] { get }

    func rows(at path: String, in context: LoadContext) throws -> Rows
}
