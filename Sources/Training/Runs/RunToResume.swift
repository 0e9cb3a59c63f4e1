import Compute
import Diagnostics
import Foundation
import Learning

/// A run to go on with: a session's own, or one of the folder of runs.
package struct RunToResume {
    package let name: String
    package let isNamed: Bool
    package let settings: RunSettings
    package let fingerprint: RunFingerprint?
    /// nil where none was written yet: it begins at its beginning.
    package let state: RunState?
    package let states: StatePlan
    package let place: RunPlace?
    /// Whether it was another session's, as far as is known.
    package let isFromFolder: Bool
    /// Whether nothing is left to be trained: only its weights are wanted.
    package let isOver: Bool
    /// When its entry was written that was read here; nil where none lies there.
    let noted: Double?

    /// - `name`: nil for the session's own, else the newest that is not finished.
    /// - `kept`: the session's own; `place`: where others lie; `anyway`: go on with it on another processor too.
    /// - `passedOver`: is told what is wrong with each state that cannot be read, where an older one can.
    /// - Throws: `no-run`, `finished`, `busy`, `bad-state`, `run-changed`, `other-processor`, `other-engine`.
    package init(
        named name: String?, kept: KeptRun?, in place: RunPlace?, anyway: Bool,
        passedOver: (Diagnostic) -> Void
    ) throws {
        let name = name.map { RunName.whole($0) }
        let own = kept.flatMap { kept in
            name.map { $0 == kept.name } ?? !kept.isFinished ? kept : nil
        }
        let ownPlace = own?.folder.map {
            RunPlace(URL(filePath: $0).deletingLastPathComponent().relativePath)
        }
        let entry = try own.flatMap { try Self.entry(of: $0) }
        // What another process has made of it since is the run now.
        if let own, entry.map({ $0.step <= own.state.step }) ?? true {
            guard !own.isFinished else { throw Self.finished(own.name) }
            (self.name, isNamed, settings) = (own.name, own.isNamed, own.settings)
            (fingerprint, state, states) = (own.fingerprint, own.state, own.states)
            self.place = states.writesNone ? nil : ownPlace ?? place
            (isFromFolder, isOver, noted) = (false, false, entry?.changed)
            return
        }
        guard let place = ownPlace ?? place else {
            throw Diagnostic("no-run", "there is no interrupted run", hint: "write train, which begins one")
        }
        let found = try Self.found(own?.name ?? name, in: place)
        // Nobody asked for that run by its name, and what is here lies nowhere else.
        if name == nil, let kept, kept.isFinished, kept.isInMemoryAlone {
            throw Diagnostic(
                "unsaved-weights",
                "\(kept.name) has come to its end, and its weights are in memory alone: another run takes their place",
                hint: "save what is wanted of them, then write resume \(found.entry.name)")
        }
        try found.checkIsFree()
        self.name = found.entry.name
        isNamed = RunName.number(of: found.entry.name) == nil
        (settings, states, noted) = (found.entry.settings, found.entry.states, found.entry.changed)
        self.place = states.writesNone ? nil : place
        (isFromFolder, isOver) = (true, found.entry.status == .finished)
        try Self.check(found.entry.fingerprint, name: self.name, anyway: anyway)
        if let unsound = settings.learning.unsound {
            throw Diagnostic(
                "bad-state", "the settings of the run \(self.name) are damaged: \(unsound)",
                hint: RunFolder.removal(of: self.name))
        }
        state = try RunFolder.state(
            in: found.folder, identity: found.entry.fingerprint.identity, passedOver: passedOver)
        fingerprint = found.entry.fingerprint.goneOnWithHere
        let isFresh = settings.start.steps == 0 && settings.method.folder == nil && found.entry.step == 0
        guard state != nil || isFresh else {
            throw Diagnostic(
                "bad-state", "the run \(self.name) has no state, and what it went on from is gone",
                hint: RunFolder.removal(of: self.name))
        }
    }

    package var plan: RunPlan { RunPlan(name: name, isNamed: isNamed, states: states, place: place) }

    /// - Throws: `run-changed` that names what is not as it was; what making the run brings up.
    package func prepared(
        _ inputs: RunInputs, workers: Workers, interruption: Interruption, now: @escaping () -> Double
    ) throws -> PreparedRun {
        let made = try PreparedRun(
            inputs, settings: settings.learning, plan: plan, resuming: self, workers: workers,
            interruption: interruption, now: now)
        if let fingerprint, let what = try made.change(since: fingerprint, isFresh: state == nil) {
            throw changed(what)
        }
        return made
    }

    /// - `what`: `the settings are`
    package func changed(_ what: String) -> Diagnostic {
        Diagnostic(
            "run-changed", "the run \(name) cannot go on: \(what) not as they were",
            hint: "bring back what it was begun with, or begin a new run with train")
    }

    // MARK: - What lies there

    /// How a session's own run is noted in its folder; nil where nothing is.
    ///
    /// - Throws: `run-changed` where another run has taken its name.
    private static func entry(of kept: KeptRun) throws -> RunEntry? {
        guard let folder = kept.folder, let entry = try? RunFolder.entry(in: folder) else { return nil }
        guard entry.fingerprint.identity == kept.fingerprint?.identity else {
            throw Diagnostic(
                "run-changed", "\(folder) holds another run by now, begun as \(kept.name) in another process",
                hint: "train as=NAME goes on from the weights that are here")
        }
        return entry
    }

    private static func found(_ name: String?, in place: RunPlace) throws -> RunPlace.Found {
        if let name {
            return try place.run(named: name)
        }
        guard let found = place.runs.first(where: { $0.entry.status != .finished && !$0.isRunning }) else {
            throw Diagnostic(
                "no-run", "there is no interrupted run, here or in \(place.path)",
                hint: "write train, which begins one")
        }
        return found
    }

    private static func finished(_ name: String) -> Diagnostic {
        Diagnostic(
            "finished", "the run \(name) has come to its end",
            hint: "write train, which goes on from its weights")
    }

    private static func check(_ fingerprint: RunFingerprint, name: String, anyway: Bool) throws {
        guard !anyway else { return }
        let hint = "resume \(name) anyway=yes goes on all the same, with other bytes than it would have had"
        guard fingerprint.processor == Processor.kind else {
            throw Diagnostic(
                "other-processor",
                "the run \(name) was begun on \(fingerprint.processor), and this is \(Processor.kind)",
                hint: hint)
        }
        guard fingerprint.engine == RunFingerprint.currentEngine else {
            throw Diagnostic(
                "other-engine",
                "the run \(name) was begun with engine \(fingerprint.engine), and this is \(RunFingerprint.currentEngine)",
                hint: hint)
        }
    }
}
