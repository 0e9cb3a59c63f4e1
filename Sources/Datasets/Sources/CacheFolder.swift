import Diagnostics
import Foundation

/// The folder in which fetched models and data are kept.
package struct CacheFolder: Sendable, Hashable {
    package let path: String

    package init(path: String) { self.path = path }

    /// `$LORIKEET_HOME`, else `lorikeet` in the XDG cache folder.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let home = set("LORIKEET_HOME") {
            path = expandingHome(home)
        } else if let cache = set("XDG_CACHE_HOME") {
            path = "\(cache)/lorikeet"
        } else {
            path = "\(set("HOME") ?? NSHomeDirectory())/.cache/lorikeet"
        }
    }

    /// The path of something in the cache, whether it is there or not.
    package func place(_ name: String) -> String { "\(path)/\(name)" }

    /// Runs work with an empty folder inside the cache, which is gone afterwards.
    func withTemporaryFolder<Result>(_ work: (String) throws -> Result) throws -> Result {
        let folder = place("tmp/\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Diagnostic(
                "no-cache", "the cache folder \(path) cannot be written",
                hint: "set LORIKEET_HOME to a folder that can")
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try work(folder)
    }

    /// Puts a finished folder in its place at one stroke; what stood there goes.
    func adopt(_ folder: String, as name: String) throws {
        let target = place(name)
        let manager = FileManager.default
        do {
            try manager.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            if manager.fileExists(atPath: target) { try manager.removeItem(atPath: target) }
            try manager.moveItem(atPath: folder, toPath: target)
        } catch {
            throw Diagnostic(
                "no-cache", "\(target) could not be written: \(error.localizedDescription)",
                hint: "is the disk full? LORIKEET_HOME names another cache folder")
        }
    }
}
