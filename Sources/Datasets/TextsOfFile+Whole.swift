import Diagnostics
import Fetching
import System

extension DatasetRegistry {
    /// A whole file as one text, which makes up the test part.
    ///
    /// - Throws: `is-table` for what holds rows; what is wrong with the file.
    package static func wholeText(at path: String, in fetching: FetchContext) throws -> Dataset {
        let place = expandingHome(path)
        if let format = RowFormats.format(of: place), !(format is PlainText) {
            throw Diagnostic(
                "is-table", "\(path) holds rows, and here one text is judged",
                hint: "write load path=\(path) label=none before it, and leave path= out")
        }
        let file = try TextFile.table(at: place, in: LoadContext(fetching))
        var dataset = Dataset(
            name: TableFile.stem(of: place), columns: ["text"], textColumn: "text",
            test: [Example(text: file.text, id: 0)], remarks: file.notes, source: path)
        dataset.areTextsAlone = true
        return dataset
    }
}
