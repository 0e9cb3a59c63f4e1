import Foundation
import System

/// `load file path=…`: any table, or a folder of them.
struct TableFile: DatasetSource {
    let name = "file"
    let summary =
        "a CSV, TSV, JSON, JSONL or Parquet file of yours, or a folder with train and test or one folder a class"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        try rows(at: try requiredPath(request), in: context)
    }

    func rows(at path: String, in context: LoadContext) throws -> Rows {
        guard case .folder = try PathKind(of: path) else { return try RowFormats.rows(at: path, in: context) }
        return try DataFolder(path: path, context: context).rows()
    }

    /// The file's or folder's own name: `reviews` for `data/reviews.csv.gz`.
    package func title(of request: DatasetRequest) -> String {
        request.path.map(Self.stem) ?? name
    }

    static func stem(of path: String) -> String {
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        guard RowFormats.format(of: name) != nil else { return name }
        let end = RowFormats.ending(of: name).count + 1 + (name.lowercased().hasSuffix(".gz") ? 3 : 0)
        return name.count > end ? String(name.dropLast(end)) : name
    }
}
