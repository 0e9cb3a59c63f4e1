import Diagnostics
import Foundation

extension JSON {
    /// Reads a file that holds one value.
    ///
    /// - `largest`: bytes from which a file of this kind is none.
    /// - `code`: of the problem where the file is too large or no JSON; nil for `bad-json`.
    /// - Throws: `no-file`, `unreadable-file`, or what is wrong with the text, with the path.
    package init(file path: String, largest: Int = 1 << 27, problem code: String? = nil) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Diagnostic("no-file", "there is no file \(path)")
        }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw Diagnostic("unreadable-file", "cannot read \(path): \(error.localizedDescription)")
        }
        guard bytes.count <= largest else {
            throw Diagnostic(
                code ?? "bad-json", "\(path) has \(bytes.count) bytes, supported are \(largest)")
        }
        do {
            try self.init(parsing: bytes)
        } catch let problem as Diagnostic {
            throw Diagnostic(code ?? problem.code, "\(path): \(problem.message)", hint: problem.hint)
        }
    }
}
