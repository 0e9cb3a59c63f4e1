import Checkpoints
import Compute
import Foundation

/// The committed golden files; `Tests/Golden/README.md` says how they are made.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/fixtures/\(name)").path(percentEncoded: false)
}

/// A path for a test to write to, removed at the end; in memory where the system has such a folder,
/// since the fuzzing writes hundreds of thousands of files.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let memory = URL(filePath: "/dev/shm")
    let isThere = FileManager.default.isWritableFile(atPath: memory.path(percentEncoded: false))
    let parent = isThere ? memory : FileManager.default.temporaryDirectory
    let folder = parent.appending(path: "lorikeet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path(percentEncoded: false))
}

extension StoredTensor {
    /// So that equal means equal in every bit.
    var bits: [UInt32] { floats().map(\.bitPattern) }
}
