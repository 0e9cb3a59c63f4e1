import Diagnostics
import Foundation

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
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TextFile.missing(path)
        }
        context.progress("reading \(path)")
        return isFolder.boolValue
            ? try DataFolder(path: path, context: context).rows() : try RowFormats.rows(at: path, in: context)
    }
}
