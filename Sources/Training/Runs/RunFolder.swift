import Diagnostics
import Foundation
import JSON
import System

/// One run's folder: `run.json`, which says what it is and how it stands, and its states.
package final class RunFolder: RunStore, @unchecked Sendable {
    package let path: String
    private let kept: Int
    private let identity: String
    /// States of a former run.
    private var former: [String] = []
    /// Held as long as the run may write.
    private let lock: FileLock

    static let entryName = "run.json"
    static let lockName = "lock"

    /// Takes the folder for a run; what a former one of that name left there goes when the first state is written.
    ///
    /// - `isResumed`: whether what lies there is the run's own.
    /// - Throws: `busy` when another process writes there; `cannot-write`.
    package init(_ path: String, identity: String, kept: Int, isResumed: Bool = false) throws {
        self.path = path
        self.kept = max(1, kept)
        self.identity = identity
        try makeFolder(path)
        guard let lock = try FileLock("\(path)/\(Self.lockName)") else {
            throw Diagnostic(
                "busy", "another process is at work on the run in \(path)",
                hint: "wait until it has ended, or name this run otherwise with as=")
        }
        self.lock = lock
        former = isResumed ? [] : Self.stateNames(in: path)
    }

    package var hasEntry: Bool { FileManager.default.fileExists(atPath: "\(path)/\(Self.entryName)") }

    package func removeFormer() {
        for name in former { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        former = []
    }

    package func note(_ entry: RunEntry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(entry))
        try AtomicFile.write(bytes, to: "\(path)/\(Self.entryName)")
    }

    package func write(_ state: RunState) throws -> Int {
        let bytes = try RunStateFile.write(
            state, identity: identity, to: "\(path)/\(Self.stateName(state.step))")
        // Only now: a state is there at any time.
        let now = Self.stateName(state.step)
        former.removeAll { $0 == now }
        let others = Self.stateNames(in: path).filter { $0 != now && !former.contains($0) }
        for old in others.dropLast(kept - 1) { try? FileManager.default.removeItem(atPath: "\(path)/\(old)") }
        return bytes
    }

    package func remove() throws { try Self.remove(path) }

    // MARK: - Reading

    /// - Throws: `bad-state` when it is no run's folder.
    package static func entry(in path: String) throws -> RunEntry {
        let file = "\(path)/\(entryName)"
        guard let data = FileManager.default.contents(atPath: file) else {
            throw noRun(path)
        }
        do { return try JSONDecoder().decode(RunEntry.self, from: data) } catch {
            throw Diagnostic("bad-state", "\(file) cannot be read: \(explained(error))")
        }
    }

    static func noRun(_ path: String) -> Diagnostic {
        Diagnostic("bad-state", "\(path) is no run's folder: there is no \(entryName)")
    }

    /// The newest state that can be read; nil when none was written.
    ///
    /// - `passedOver`: is told what is wrong with each newer one.
    /// - Throws: what is wrong with the newest one, when no other can be read.
    package static func state(
        in path: String, identity: String?, passedOver: (Diagnostic) -> Void = { _ in }
    ) throws -> RunState? {
        var failures: [any Error] = []
        for name in stateNames(in: path).reversed() {
            do {
                let state = try RunStateFile.read("\(path)/\(name)", identity: identity)
                for failure in failures {
                    passedOver(failure as? Diagnostic ?? Diagnostic("bad-state", "\(failure)"))
                }
                return state
            } catch { failures.append(error) }
        }
        if let failure = failures.first { throw failure }
        return nil
    }

    package static func isRunning(_ path: String) -> Bool { FileLock.isHeld("\(path)/\(lockName)") }

    /// Bytes of its files.
    package static func byteCount(_ path: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return sum + (facts?[.size] as? Int ?? 0)
        }
    }

    /// Removes what a run writes; whatever else lies there stays, and so does the folder then.
    package static func remove(_ path: String) throws {
        let files = FileManager.default
        Leftovers(folder: path).remove()
        do {
            for name in stateNames(in: path) + [entryName, lockName]
            where files.fileExists(atPath: "\(path)/\(name)") {
                try files.removeItem(atPath: "\(path)/\(name)")
            }
            if try files.contentsOfDirectory(atPath: path).isEmpty { try files.removeItem(atPath: path) }
        } catch {
            throw Diagnostic("cannot-write", "cannot remove \(path): \(systemReason(error))")
        }
    }

    /// `step-00000120.safetensors`: names in the order of steps.
    private static func stateName(_ step: Int) -> String {
        let digits = String(step)
        return "step-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).safetensors"
    }

    private static func stateNames(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.wholeMatch(of: /step-\d{8,}\.safetensors/) != nil }.sorted()
    }
}
