import Diagnostics
import Foundation
import JSON
import System

/// One run's folder: `run.json`, which says what it is and how it stands, and its states; and in `former`, until this
/// one has come to something, the run whose name it took.
package final class RunFolder: RunStore, @unchecked Sendable {
    package let path: String
    private let kept: Int
    private let identity: String
    /// Whether what lies there is this run's.
    package private(set) var hasEntry: Bool
    private var hasPutAside = false
    /// Held as long as the run may write.
    private let lock: FileLock

    static let entryName = "run.json"
    static let lockName = "lock"
    private static let formerName = "former"
    private var former: String { "\(path)/\(Self.formerName)" }

    /// Takes the folder for a run; what a former one of that name left there is put aside when it first writes.
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
        hasEntry = isResumed && Self.holdsEntry(path)
        // The end of bringing back, where a kill came in between.
        if !Self.holdsEntry(former) { try takeBackStates() }
    }

    private static func holdsEntry(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(entryName)")
    }

    package var hasFormer: Bool { !hasEntry && Self.holdsEntry(path) }

    package func removeFormer() { try? FileManager.default.removeItem(atPath: former) }

    /// Its entry is there twice until this run's is written over the one, so that a run can be gone on with at any time.
    private func putAside() throws {
        let files = FileManager.default
        // What was put aside by a run that was killed before it had a state is the one to keep.
        let names = Self.stateNames(in: path)
        if Self.holdsEntry(former), names.isEmpty {
            hasPutAside = true
            return
        }
        removeFormer()
        try makeFolder(former)
        try AtomicFile.write(
            [UInt8](files.contents(atPath: "\(path)/\(Self.entryName)") ?? Data()),
            to: "\(former)/\(Self.entryName)")
        do {
            for name in names { try files.moveItem(atPath: "\(path)/\(name)", toPath: "\(former)/\(name)") }
            hasPutAside = true
        } catch {
            throw Diagnostic("cannot-write", "cannot put \(path) aside: \(systemReason(error))")
        }
    }

    /// What was put aside is there again.
    private func bringBack() throws {
        // Renamed, since a full disk has no room for another; its states are found in either place until they are here.
        guard rename("\(former)/\(Self.entryName)", "\(path)/\(Self.entryName)") == 0 else {
            throw cannotWrite("\(path)/\(Self.entryName)", because: errno)
        }
        (hasEntry, hasPutAside) = (false, false)
        try takeBackStates()
    }

    private func takeBackStates() throws {
        for name in Self.stateNames(in: former) {
            guard rename("\(former)/\(name)", "\(path)/\(name)") == 0 else {
                throw cannotWrite("\(path)/\(name)", because: errno)
            }
        }
        removeFormer()
    }

    package func note(_ entry: RunEntry) throws {
        if hasFormer { try putAside() }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(entry))
        try AtomicFile.write(bytes, to: "\(path)/\(Self.entryName)")
        hasEntry = true
    }

    package func write(_ state: RunState) throws -> Int {
        let bytes: Int
        do {
            bytes = try RunStateFile.write(
                state, identity: identity, to: "\(path)/\(Self.stateName(state.step))")
        } catch {
            // A full disk must not have hidden the run that was there.
            if hasPutAside, Self.stateNames(in: path).isEmpty { try? bringBack() }
            throw error
        }
        // Only now: a state is there at any time.
        let now = Self.stateName(state.step)
        let others = Self.stateNames(in: path).filter { $0 != now }
        for old in others.dropLast(kept - 1) { try? FileManager.default.removeItem(atPath: "\(path)/\(old)") }
        return bytes
    }

    package func remove() throws {
        guard hasEntry || !Self.holdsEntry(path) else { return }
        guard hasPutAside else { return try Self.remove(path) }
        for name in Self.stateNames(in: path) {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
        try bringBack()
    }

    // MARK: - Reading

    /// - Throws: `bad-state` when it is no run's folder.
    package static func entry(in path: String) throws -> RunEntry {
        let file = "\(path)/\(entryName)"
        guard let data = FileManager.default.contents(atPath: file) else {
            throw noRun(path)
        }
        do { return try JSONDecoder().decode(RunEntry.self, from: data) } catch {
            throw Diagnostic(
                "bad-state", "\(file) cannot be read: \(explained(error))",
                hint: removal(of: URL(filePath: path).lastPathComponent))
        }
    }

    /// What is left to do with a run that nobody can go on with.
    static func removal(of name: String) -> String { "runs delete \(name) removes it" }

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
        for name in stateNames(of: identity, in: path).reversed() {
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

    /// In the order of steps. A run that was being put aside or brought back when its process ended has some of them in
    /// `former`: its entry is there as well then, or nowhere but at its own place.
    private static func stateNames(of identity: String?, in path: String) -> [String] {
        let former = "\(path)/\(formerName)"
        let own = stateNames(in: path)
        if holdsEntry(former), (try? entry(in: former).fingerprint.identity) != identity { return own }
        let aside = stateNames(in: former).filter { !own.contains($0) }.map { "\(formerName)/\($0)" }
        return (own + aside).sorted {
            $0.split(separator: "/").last ?? "" < $1.split(separator: "/").last ?? ""
        }
    }

    package static func isRunning(_ path: String) -> Bool { FileLock.isHeld("\(path)/\(lockName)") }

    /// Bytes of its files.
    package static func byteCount(_ path: String) -> Int {
        let names = FileManager.default.subpaths(atPath: path) ?? []
        return names.reduce(0) { sum, name in
            let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return sum + (facts?[.size] as? Int ?? 0)
        }
    }

    /// Removes what a run writes; whatever else lies there stays, and so does the folder then.
    package static func remove(_ path: String) throws {
        let files = FileManager.default
        Leftovers(folder: path).remove()
        let former = "\(path)/\(formerName)"
        do {
            if files.fileExists(atPath: former) { try files.removeItem(atPath: former) }
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
