import Datasets
import Diagnostics
import Foundation
import System

/// A script or a notebook, read to its end: which must come.
package enum InputFile {
    /// Pipes and devices are read too, as a shell hands them over.
    ///
    /// - `path`: `-` is standard input.
    /// - `limit`: bytes that such a file may have.
    /// - Throws: `no-file`, `not-a-file`, `not-readable` or `too-large`.
    package static func bytes(of path: String, limit: Int) throws -> Data {
        let file = try path == "-" ? FileHandle.standardInput : opened(path)
        let bytes: Data
        do {
            bytes = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw Diagnostic("not-readable", "\(path) cannot be read: \(systemReason(error))")
        }
        guard bytes.count <= limit else {
            throw Diagnostic(
                "too-large",
                "\(path) has more than \(limit >> 20) MiB, or no end: this is no script and no notebook",
                hint: "load reads data sets")
        }
        return bytes
    }

    private static func opened(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw PathKind.missing(path) }
            throw Diagnostic("not-readable", "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw Diagnostic(
                "not-a-file", "\(path) is a folder", hint: "name a .lk script or a .ipynb notebook in it")
        }
        return file
    }
}
