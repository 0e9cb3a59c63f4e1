import Checkpoints
import Foundation
import Tensors

/// The committed golden files; `Tests/Golden/README.md` says how they are made.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/fixtures/\(name)").path(percentEncoded: false)
}

/// A path for a test to write to, removed at the end.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path(percentEncoded: false))
}

extension StoredTensor {
    /// So that equal means equal in every bit.
    var bits: [UInt32] { floats().map(\.bitPattern) }
}
