import Diagnostics
import Foundation
import JSON

/// The files of a tokenizer's folder.
struct TokenizerFiles {
    let folder: String

    /// Larger files are no tokenizers.
    private static let largest = 1 << 27

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func data(_ name: String) throws -> Data {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path(name)), options: .mappedIfSafe)
        } catch {
            throw Diagnostic("unreadable-file", "cannot read \(path(name)): \(error.localizedDescription)")
        }
        guard data.count <= TokenizerFiles.largest else {
            throw badTokenizer("\(name) has \(data.count) bytes, supported are \(TokenizerFiles.largest)")
        }
        return data
    }

    func json(_ name: String) throws -> JSON {
        try JSON(file: path(name), largest: Self.largest, problem: "bad-tokenizer")
    }

    /// The lines without their ends; a line end at the end of the file begins no line.
    func lines(_ name: String) throws -> [ArraySlice<UInt8>] {
        let bytes = try [UInt8](data(name))
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == 13 ? $0.dropLast() : $0 }
    }
}

func badTokenizer(_ what: String) -> Diagnostic { Diagnostic("bad-tokenizer", what) }

func unsupportedTokenizer(_ what: String, _ found: String, supported: String) -> Diagnostic {
    Diagnostic(
        "unsupported-tokenizer", "the tokenizer's \(what) \(found) is not supported; known: \(supported)")
}

extension String {
    /// A token out of a file for a message: cut when it is endless.
    var briefly: String {
        unicodeScalars.count > 80 ? String(String.UnicodeScalarView(unicodeScalars.prefix(80))) + "…" : self
    }
}
