import Diagnostics
import Foundation
import System

/// The folder that runs have their own folders in.
package struct RunPlace: Sendable, Hashable {
    /// Beside the notebook, where nobody says otherwise.
    package static let usual = "lorikeet-runs"

    package let path: String

    package init(_ path: String) { self.path = expandingHome(path) }

    /// - Throws: `cannot-write` where there is no folder and none can be made, since a file stands in its way.
    package func check() throws {
        var place = URL(filePath: path).standardizedFileURL
        var isFolder: ObjCBool = false
        while !FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder), place.path != "/" {
            place.deleteLastPathComponent()
        }
        guard isFolder.boolValue else { throw cannotWrite(path, because: ENOTDIR) }
    }

    package func folder(of name: String) -> String { "\(path)/\(name)" }

    /// A run that lies here.
    package struct Found: Sendable {
        package let entry: RunEntry
        package let folder: String
        package let byteCount: Int
        package let isRunning: Bool

        /// What is true of it now: one that says it runs, and that nobody writes, was killed.
        package var status: String {
            switch entry.status {
            case .running: isRunning ? "running" : "stopped"
            case .interrupted: "interrupted"
            case .finished: "finished"
            }
        }

        /// - Throws: `busy` while another process writes it.
        package func checkIsFree() throws {
            guard isRunning else { return }
            throw Diagnostic(
                "busy", "the run \(entry.name) is at work in another process",
                hint: "wait until it has ended, or interrupt it there")
        }
    }

    /// Newest first; folders that are none of ours are left out, and so is what `unreadable` names.
    package var runs: [Found] {
        names.compactMap { try? run(named: $0) }.sorted { $0.entry.changed > $1.entry.changed }
    }

    /// Folders of runs whose entry says nothing, with what is wrong with it.
    package var unreadable: [(name: String, problem: Diagnostic)] {
        names.compactMap { name in
            do { _ = try RunFolder.entry(in: folder(of: name)) } catch let problem as Diagnostic {
                return (name, problem)
            } catch { return nil }
            return nil
        }
    }

    package var names: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter {
            FileManager.default.fileExists(atPath: "\(folder(of: $0))/\(RunFolder.entryName)")
        }
        .sorted()
    }

    /// Whether something lies under that name.
    func isTaken(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder(of: name)) }

    /// - Throws: `no-run` with the nearest name; `bad-state` when its folder cannot be read.
    package func run(named name: String) throws -> Found {
        let folder = try place(of: name)
        var entry = try RunFolder.entry(in: folder)
        // A folder may have been copied, or have come from elsewhere: it is written to where it lies.
        entry.name = RunName.whole(name)
        return Found(
            entry: entry, folder: folder, byteCount: RunFolder.byteCount(folder),
            isRunning: RunFolder.isRunning(folder))
    }

    /// Steps and epochs of a run that lies here, as far as its last state goes.
    ///
    /// - Throws: `no-run`; `bad-state` where no state was written, or none can be read.
    package func record(of name: String) throws -> TrainingRun {
        let found = try run(named: name)
        let entry = found.entry
        guard let state = try RunFolder.state(in: found.folder, identity: entry.fingerprint.identity) else {
            throw Diagnostic(
                "bad-state", "the run \(entry.name) has written no state yet",
                hint: "resume \(entry.name) goes on with it")
        }
        var run = TrainingRun(
            name: entry.name, method: entry.method, data: entry.data, plannedSteps: entry.steps,
            stepsPerEpoch: 0)
        (run.start, run.untuned) = (state.earlier.start, state.untuned)
        (run.steps, run.epochs) = (
            state.earlier.steps + state.trainer.history, state.earlier.epochs + state.epochs
        )
        run.loss = entry.settings.learning.loss?.shortSummary
        run.validations = state.earlier.validations + state.validations
        (run.best, run.ending) = (state.best?.record, state.ending)
        run.clip = entry.settings.learning.clip
        return run
    }

    package func missing(_ name: String) -> Diagnostic {
        let known = names
        return Diagnostic(
            "no-run", "there is no run \(name) in \(path)",
            hint: closestName(to: name, among: known).map { "did you mean \($0)?" }
                ?? (known.isEmpty
                    ? "train as=NAME keeps one under a name" : "there are \(known.joined(separator: ", "))"))
    }

    /// Removes all of them; none where one is unknown or at work.
    ///
    /// - Returns: the bytes that are free now.
    /// - Throws: `no-run`; `busy` when one is at work; `cannot-write`.
    package func delete(_ names: [String]) throws -> Int {
        var locks: [(folder: String, lock: FileLock)] = []
        for name in names {
            let folder = try place(of: name)
            if locks.contains(where: { $0.folder == folder }) { continue }
            guard let lock = try FileLock("\(folder)/\(RunFolder.lockName)") else {
                throw Diagnostic("busy", "the run \(name) is at work", hint: "interrupt it first")
            }
            locks.append((folder, lock))
        }
        let bytes = locks.reduce(0) { $0 + RunFolder.byteCount($1.folder) }
        for (folder, lock) in locks {
            try withExtendedLifetime(lock) { try RunFolder.remove(folder) }
        }
        return bytes
    }

    /// The folder of a run that is here, be its entry readable or not.
    ///
    /// - Throws: `no-run`, with the nearest name.
    package func place(of name: String) throws -> String {
        let name = RunName.whole(name)
        let folder = folder(of: name)
        guard RunName.isOne(name), FileManager.default.fileExists(atPath: folder) else {
            throw missing(name)
        }
        guard FileManager.default.fileExists(atPath: "\(folder)/\(RunFolder.entryName)") else {
            throw RunFolder.noRun(folder)
        }
        return folder
    }

    /// `run-3`: a name that no run here has, and none of `taken`.
    package func freshName(besides taken: Int) -> String {
        let numbers = names.compactMap { RunName.number(of: $0) }
        return RunName.numbered(max(taken, numbers.max() ?? 0) + 1)
    }
}

/// What runs are called.
package enum RunName {
    /// What stands for something else wherever runs are named.
    package static let reserved = [untuned, "best", "last"] + baselines
    /// The loaded weights, before any tuning.
    package static let untuned = "base"
    /// What `baseline` judges.
    package static let baselines = ["baseline", "commonest"]

    /// A name of its own folder: letters, digits, dots, hyphens and underscores.
    package static func isOne(_ name: String) -> Bool {
        // A file's name has 255 bytes on most systems.
        name.wholeMatch(of: /[\p{L}\p{N}_][\p{L}\p{N}._-]{0,79}/) != nil && !reserved.contains(name)
            && name.utf8.count <= 240
    }

    package static func numbered(_ number: Int) -> String { "run-\(number)" }

    package static func number(of name: String) -> Int? {
        name.wholeMatch(of: /run-(\d{1,9})/).flatMap { Int($0.1) }
    }

    /// `3` stands for `run-3`; letters with marks are one letter, however they were typed.
    package static func whole(_ name: String) -> String {
        number(of: "run-\(name)") == nil ? name.precomposedStringWithCanonicalMapping : "run-\(name)"
    }

    /// - Throws: `bad-name` for what cannot be one, or is kept for runs without a name.
    package static func check(_ name: String) throws {
        if reserved.contains(name) || number(of: whole(name)) != nil {
            throw Diagnostic(
                "bad-name", "as=\(name): \(name) stands for something else where runs are named",
                hint: "choose another name, such as r16")
        }
        guard isOne(name) else {
            throw Diagnostic(
                "bad-name", "as=\(name) is no name for a run",
                hint: "name it with letters, digits, dots, hyphens and underscores, such as r16")
        }
    }
}
