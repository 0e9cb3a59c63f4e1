import Diagnostics
import Foundation
import System

/// The folder in which fetched models and data are kept.
package struct CacheFolder: Sendable, Hashable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Where `UserFolders` says.
    package init(environment: [String: String]) {
        path = UserFolders(environment: environment).cache
    }

    /// The path of something in the cache, whether it is there or not.
    package func place(_ name: String) -> String { "\(path)/\(name)" }

    /// Runs work with an empty folder inside the cache, which is gone afterwards; those that were left behind go too.
    func withTemporaryFolder<Result>(_ work: (String) throws -> Result) throws -> Result {
        let staging: Staging
        do {
            try FileManager.default.createDirectory(
                atPath: place("tmp"), withIntermediateDirectories: true)
            staging = try Staging(.folder, beside: place("tmp/fetched"))
        } catch {
            throw Diagnostic(
                "no-cache", "the cache folder \(path) cannot be written",
                hint: "set LORIKEET_HOME to a folder that can")
        }
        defer { staging.discard() }
        return try work(staging.path)
    }

    /// Puts a finished folder in its place at one stroke; what stood there lies where it was, and goes with that.
    func adopt(_ folder: String, as name: String) throws {
        let target = place(name)
        do {
            try FileManager.default.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        } catch {
            throw Self.unwritable(target, because: systemReason(error))
        }
        if let failure = AtomicFolder.put(folder, at: target) {
            throw Self.unwritable(target, because: String(cString: strerror(failure)))
        }
    }

    private static func unwritable(_ target: String, because reason: String) -> Diagnostic {
        Diagnostic(
            "no-cache", "\(target) could not be written: \(reason)",
            hint: "is the disk full? LORIKEET_HOME names another cache folder")
    }
}
