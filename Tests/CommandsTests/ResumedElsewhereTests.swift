import Compute
import Diagnostics
import Foundation
import Testing
import Training

@testable import Commands

/// Runs that were killed, that another session has gone on with, and that lie in folders that were moved or changed.
@Suite struct ResumedElsewhereTests: RunBenches {
    let folder = freshRunsFolder()
    private let data = "model nano\nload toy train=48 test=16 validation=16"

    /// As a kill before the first state leaves it.
    private func forgetStates(of name: String) throws {
        let place = "\(folder)/\(name)"
        for file in try FileManager.default.contentsOfDirectory(atPath: place) where file.hasPrefix("step-") {
            try FileManager.default.removeItem(atPath: "\(place)/\(file)")
        }
        try change("\(place)/run.json", "\"step\" : 5", "\"step\" : 0")
    }

    private func change(_ path: String, _ from: String, _ to: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(from), "\(text)")
        try text.replacing(from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test(arguments: [
        "lora r=2 dropout=0.1", "lora init=pissa", "lora init=olora", "lora rank_pattern=q:4",
        "lora alpha_pattern=q:4",
        "vera r=8", "reft", "full",
    ]) func aRunThatWasKilledBeforeItsFirstStateBeginsAgain(method: String) throws {
        stop(bench(), "\(data)\n\(method)\n\(train) as=early", at: "5/18")
        try forgetStates(of: "early")
        let (again, whole) = (bench(), bench())
        #expect(again.problem("resume early") == nil)
        whole.run("\(data)\n\(method)\n\(train)")
        #expect(outcome(again) == outcome(whole) && !outcome(whole).isEmpty)
    }

    @Test(arguments: ["vera r=8 seed=%", "lora r=2 alpha=%"])
    func whatItStandsOnMayNotBeExchanged(method: String) throws {
        func adapter(_ number: String) -> String { method.replacing("%", with: number) }
        let bench = bench()
        for number in ["1", "2"] {
            bench.run("\(data)\n\(adapter(number))\ntrain steps=1\nsave \(folder)-\(number)")
        }
        let opened = "\(folder)-opened"
        try FileManager.default.copyItem(atPath: "\(folder)-1", toPath: opened)
        stop(bench, "open \(opened)\n\(train) as=over", at: "5/18")
        #expect(self.bench().problem("resume over") == nil)
        stop(bench, "open \(opened)\n\(train) as=over", at: "5/18")
        try FileManager.default.removeItem(atPath: opened)
        let gone = self.bench().problem("resume over")
        #expect(gone?.message.contains("the run over goes on from what was opened from \(opened)") == true)
        try FileManager.default.copyItem(atPath: "\(folder)-2", toPath: opened)
        #expect(self.bench().problem("resume over")?.code == "run-changed")
    }

    @Test func theNewerOfTwoSessionsIsGoneOnWith() throws {
        let (one, two) = (bench(), bench())
        stop(one, "\(setup)\n\(train) as=both", at: "5/18")
        stop(two, "resume both", at: "9/18")
        #expect(one.problem("resume") == nil)
        #expect(one.output.text.contains("both goes on at step 9"))
        #expect(two.problem("resume both") == nil)
        #expect(two.output.text.contains("both had come to its end at step 18"))
        let whole = bench()
        whole.run("\(setup)\n\(train)")
        #expect(outcome(one) == outcome(whole) && outcome(two) == outcome(whole))
        // Another run of that name is not written over.
        stop(one, "lora r=2\n\(train) as=both", at: "5/18")
        two.run("ia3\ntrain epochs=1 batch=8 as=both")
        let problem = one.problem("resume")
        #expect(problem?.code == "run-changed" && problem?.message.contains("another run by now") == true)
        #expect(try RunPlace(folder).run(named: "both").entry.method.hasPrefix("ia3"))
    }

    @Test func aFolderIsWrittenToWhereItLies() throws {
        let bench = bench()
        stop(bench, "\(setup)\n\(train) as=here", at: "5/18")
        try FileManager.default.copyItem(atPath: "\(folder)/here", toPath: "\(folder)/copied")
        try change("\(folder)/copied/run.json", "\"name\" : \"here\"", "\"name\" : \"../evil\"")
        #expect(self.bench().problem("resume copied") == nil)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/../evil"))
        #expect(try RunPlace(folder).run(named: "copied").entry.step == 18)
        #expect(try RunPlace(folder).run(named: "here").entry.step == 5)
        try change("\(folder)/here/run.json", "\"batch\" : 8", "\"batch\" : -3")
        #expect(self.bench().problem("resume here")?.code == "bad-state")
    }

    /// As another processor or an older program has left it, the state as well.
    private func pretend(_ name: String, _ from: String, _ to: String) throws {
        let place = "\(folder)/\(name)"
        let before = try RunFolder.entry(in: place)
        let state = try #require(try RunFolder.state(in: place, identity: before.fingerprint.identity))
        try change("\(place)/run.json", from, to)
        let after = try RunFolder.entry(in: place).fingerprint.identity
        #expect(after != before.fingerprint.identity)
        _ = try RunFolder(place, identity: after, kept: 1, isResumed: true).write(state)
    }

    @Test func onAnotherProcessorItGoesOnWhenAsked() throws {
        stop(bench(), "\(setup)\n\(train) as=mine", at: "5/18")
        try pretend("mine", "\"processor\" : \"\(Processor.kind)\"", "\"processor\" : \"avx9\"")
        #expect(bench().problem("resume mine")?.code == "other-processor")
        let other = bench()
        stop(other, "resume mine anyway=yes", at: "9/18")
        // From there on it is this processor's, and known as the same run.
        #expect(other.problem("resume") == nil)
        #expect(bench().problem("resume mine") == nil)
    }

    @Test func withAnotherEngineItGoesOnWhenAsked() throws {
        let first = bench()
        stop(first, "\(setup)\n\(train) as=mine", at: "5/18")
        let hash = try RunFolder.entry(in: "\(folder)/mine").fingerprint.model
        try pretend("mine", "\"engine\" : \(RunFingerprint.currentEngine)", "\"engine\" : 1")
        // An older program has hashed model and settings otherwise.
        try pretend("mine", hash, "0123")
        #expect(bench().problem("resume mine")?.code == "other-engine")
        let other = bench()
        stop(other, "resume mine anyway=yes", at: "9/18")
        #expect(other.problem("resume") == nil)
        #expect(try RunPlace(folder).run(named: "mine").entry.status == .finished)
    }

    /// As kills leave a folder while a run is put aside, and while it is brought back.
    @Test(arguments: [true, false]) func halfWayAsideItIsStillThere(hasEntry: Bool) throws {
        let first = bench()
        first.run("\(setup)\n\(train) as=mine")
        let (place, files) = ("\(folder)/mine", FileManager.default)
        try files.createDirectory(atPath: "\(place)/former", withIntermediateDirectories: true)
        if hasEntry { try files.copyItem(atPath: "\(place)/run.json", toPath: "\(place)/former/run.json") }
        for name in try files.contentsOfDirectory(atPath: place) where name.hasPrefix("step-") {
            try files.moveItem(atPath: "\(place)/\(name)", toPath: "\(place)/former/\(name)")
        }
        let other = bench()
        #expect(other.problem("resume mine") == nil)
        #expect(outcome(other) == outcome(first))
        // A run that comes to nothing leaves it as it was.
        stop(other, "\(train) as=mine", at: "19/36")
        stop(bench(), "\(setup)\n\(train) as=mine", at: "0/18")
        #expect(try RunPlace(folder).run(named: "mine").entry.step > 0)
    }

    @Test func weightsThatAreNowhereElseAreNotLetGoUnasked() {
        let bench = bench()
        stop(bench, "\(setup)\n\(train) as=old", at: "5/18")
        bench.run("lora r=4\ntrain epochs=1 batch=8")
        let problem = bench.problem("resume")
        #expect(problem?.code == "unsaved-weights" && problem?.hint?.contains("resume old") == true)
        #expect(bench.problem("resume old") == nil)
        #expect(bench.output.text.contains("are let go"))
        #expect(bench.output.text.contains("its own method holds again: lora r=2"))
    }

    @Test func otherValidationTextsAreSaid() throws {
        let parts = "\(folder)-parts"
        try FileManager.default.createDirectory(atPath: parts, withIntermediateDirectories: true)
        func write(_ part: String, _ range: Range<Int>, of labels: [String]) throws {
            let rows = range.map { "text number \($0),\(labels[$0 % 2])" }
            let text = (["text,label"] + rows).joined(separator: "\n")
            try text.write(toFile: "\(parts)/\(part).csv", atomically: true, encoding: .utf8)
        }
        try write("train", 0..<32, of: ["yes", "no"])
        try write("validation", 32..<48, of: ["yes", "no"])
        try write("test", 48..<64, of: ["yes", "no"])
        stop(bench(), "model nano\nload path=\(parts)\nlora\ntrain epochs=4 batch=8 as=val", at: "6/16")
        let same = bench()
        stop(same, "resume val", at: "7/16")
        #expect(!same.output.text.contains("validation texts"))
        try write("validation", 32..<48, of: ["no", "yes"])
        let other = bench()
        #expect(other.problem("resume val") == nil)
        #expect(other.output.shown.contains("the validation texts are not those"))
        #expect(
            other.output.shown.replacing("\n", with: " ").contains(
                "the best validation so far does not count any more: it was judged by other texts"))
        #expect((other.interpreter.session.state.engine.run?.best?.steps ?? 0) > 4)
    }
}
