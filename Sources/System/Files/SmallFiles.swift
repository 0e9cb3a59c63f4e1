import Diagnostics
import Foundation

/// The whole of a small file.
///
/// - Throws: `cannot-read` with the system's reason.
package func readFile(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw fileError("cannot-read", "cannot read \(path)") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
        let count = read(file, &chunk, chunk.count)
        if count < 0 {
            if errno == EINTR { continue }
            throw fileError("cannot-read", "cannot read \(path)")
        }
        if count == 0 { return bytes }
        bytes += chunk.prefix(count)
    }
}

/// Makes a folder and those above it.
package func makeFolder(_ path: String, mode: mode_t = 0o755) throws {
    if mkdir(path, mode) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let parent = parentFolder(of: path) else {
        throw fileError("cannot-write", "cannot make the folder \(path)")
    }
    try makeFolder(parent, mode: mode)
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
        throw fileError("cannot-write", "cannot make the folder \(path)")
    }
}

package func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

private func parentFolder(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return nil }
    return String(path[..<slash])
}

private func fileError(_ code: String, _ what: String) -> Diagnostic {
    Diagnostic(code, "\(what): \(String(cString: strerror(errno)))")
}
