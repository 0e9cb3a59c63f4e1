import Datasets
import Diagnostics
import Foundation

/// A folder for one test, gone with it.
final class Scratch {
    let path: String

    init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/lorikeet-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, folders on the way included, and returns its path.
    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let place = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: place))
        return place
    }

    var cache: CacheFolder { CacheFolder(path: "\(path)/cache") }

    func load(_ request: DatasetRequest) throws -> Dataset {
        try DatasetRegistry.load(request, cache: cache)
    }
}

/// The code of the diagnostic that the work throws; nil when it throws none.
func code(of work: () throws -> some Any) -> String? {
    do {
        _ = try work()
        return nil
    } catch {
        return (error as? Diagnostic)?.code ?? "\(error)"
    }
}

/// A real data set that the repository does not carry, where the machine has it.
func sharedData(_ name: String) -> String? {
    let root =
        ProcessInfo.processInfo.environment["LORIKEET_SHARED"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared").standardizedFileURL.path
    let path = "\(root)/data/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
}
