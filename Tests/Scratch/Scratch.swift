import Diagnostics
import Fetching
import Foundation

/// A folder for one test, gone with it.
package final class Scratch {
    package let path: String

    package init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/lorikeet-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, folders on the way included, and returns its path.
    package func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

    package func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let place = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: place))
        return place
    }

    package var cache: CacheFolder { CacheFolder(path: "\(path)/cache") }

    /// Fetching into a cache of its own, from nowhere unless the test brings a client.
    package func fetching(
        by client: any WebClient = NoNetwork(), environment: [String: String] = [:],
        progress: @escaping (String) -> Void = { _ in }, interruption: Interruption = Interruption()
    ) -> FetchContext {
        FetchContext(
            cache: cache, client: client, environment: environment, progress: progress,
            interruption: interruption)
    }
}

/// The code of the diagnostic that the work throws; nil when it throws none.
package func code(of work: () throws -> some Any) -> String? {
    do {
        _ = try work()
        return nil
    } catch {
        return (error as? Diagnostic)?.code ?? "\(error)"
    }
}
