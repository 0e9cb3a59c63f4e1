import Diagnostics
import Foundation
import JSON
import System

/// The small files of such folders.
extension SharedFolder {
    static func json(_ path: String) throws -> JSON {
        try JSON(file: path, largest: 1 << 26, problem: "bad-adapter")
    }

    static func write(_ json: JSON, to path: String) throws {
        try write(Data(json.utf8(indent: 2) + [10]), to: path)
    }

    static func write(_ bytes: Data, to path: String) throws {
        do {
            try bytes.write(to: URL(filePath: path))
        } catch CocoaError.fileWriteOutOfSpace {
            throw cannotWrite(path, because: ENOSPC)
        } catch {
            throw Diagnostic("cannot-write", "cannot write \(path): \(systemReason(error))")
        }
    }
}
