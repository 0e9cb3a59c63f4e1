import Diagnostics
import Foundation

extension DatasetRegistry {
    /// What the names of files end in that can be loaded.
    package static let fileEndings = RowFormats.all.flatMap(\.endings).flatMap { [$0, $0 + ".gz"] }
}

/// The formats, by file ending.
enum RowFormats {
    static let all: [any RowFormat] = [
        SeparatedValues(),
        JSONLines(),
        JSONDocument(),
        ParquetFile(),
        PlainText(),
    ]

    static func format(of path: String) -> (any RowFormat)? {
        let ending = ending(of: path)
        return all.first { $0.endings.contains(ending) }
    }

    /// `csv` for `data/train.csv.gz`.
    static func ending(of path: String) -> String {
        let name = (path.lowercased() as NSString).lastPathComponent as NSString
        let plain = name.pathExtension == "gz" ? name.deletingPathExtension as NSString : name
        return plain.pathExtension
    }

    /// The bytes from which on reading a file is said: by size and not by time, so that what a cell shows does not depend
    /// on how busy the machine is.
    private static let sizeToSay = 8_000_000

    /// Rows of one file; a file without a known ending is looked into.
    static func rows(at path: String, in context: LoadContext) throws -> Rows {
        let size = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize
        if let size, size >= sizeToSay { context.progress("reading \(path) (\(size / 1_000_000) MB)") }
        if let format = format(of: path) { return try format.rows(at: path, in: context) }
        let ending = ending(of: path)
        try TextFile.check(path)
        guard ending.isEmpty || ending.allSatisfy(\.isNumber) else {
            throw Diagnostic(
                "unknown-format", "\(path) ends in .\(ending), which is no known data format",
                hint:
                    "there are \(all.flatMap(\.endings).joined(separator: ", ")), each also as .gz, and folders"
            )
        }
        switch try TextFile.table(at: path, in: context).bytes.first {
        case UInt8(ascii: "{"): return try JSONLines().rows(at: path, in: context)
        case UInt8(ascii: "["): return try JSONDocument().rows(at: path, in: context)
        default: return try SeparatedValues().rows(at: path, in: context)
        }
    }
}
