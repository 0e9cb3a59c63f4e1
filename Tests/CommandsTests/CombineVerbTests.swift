import Diagnostics
import Foundation
import JSON
import Testing

@testable import Commands

/// `combine` in a session: what it writes is opened and predicts, and what its errors say to write works.
@Suite struct CombineVerbTests {
    /// With adapters `a` (rank 2) and `b` (rank 3) of one task, and `c` of another.
    private func prepared(_ body: (Bench, String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path
        try "text,label\n".appending((0..<24).map { "word \($0),\(["x", "y", "z"][$0 % 3])\n" }.joined())
            .write(toFile: path + "/three.csv", atomically: true, encoding: .utf8)
        let bench = Bench()
        let cell = """
            model nano
            load toy train=32 test=16
            lora r=2
            train steps=2
            save \(path)/a
            lora r=3 alpha=9
            train steps=2 seed=4
            save \(path)/b
            load \(path)/three.csv
            lora r=2
            train steps=2
            save \(path)/c
            load toy train=32 test=16
            """
        #expect(bench.problem(cell) == nil)
        try body(bench, path)
    }

    @Test func severalBecomeOneThatOpens() throws {
        try prepared { bench, path in
            let outcome = bench.run("combine \(path)/a \(path)/b to=\(path)/ab")
            #expect(outcome.statements.last?.value["largest_difference"]?.number == 0)
            #expect(bench.problem("open \(path)/ab\nevaluate\npredict 'a good day'") == nil)
            // A share of all is the adapter itself.
            bench.run("combine \(path)/a \(path)/b to=\(path)/first weights=1,0 how=cat\nopen \(path)/first")
            let first = bench.run("predict 'a good day'").statements.last?.value
            bench.run("open \(path)/a")
            let own = bench.run("predict 'a good day'").statements.last?.value
            let share = { (value: JSON?) in
                value?["predictions"]?.array?.first?["probability"]?.number ?? -1
            }
            #expect(abs(share(first) - share(own)) < 1e-5 || first == own)
        }
    }

    /// PEFT's folders have no notes of ours, and name no classes.
    @Test func adaptersWithoutNotesBecomeOneThatOpens() throws {
        try prepared { bench, path in
            for name in ["a", "b"] {
                try FileManager.default.removeItem(atPath: "\(path)/\(name)/lorikeet.json")
            }
            let cell = "combine \(path)/a \(path)/b to=\(path)/ab\nopen \(path)/ab\nevaluate"
            #expect(bench.problem(cell) == nil)
            #expect(Bench().problem("model nano\nopen \(path)/ab\nload toy train=8 test=8\nevaluate") == nil)
        }
    }

    @Test func anAdapterWithoutAClassifierIsNamed() throws {
        try prepared { bench, path in
            #expect(bench.problem("lora r=2\nsave \(path)/untrained") == nil)
            let problem = bench.problem("combine \(path)/a \(path)/untrained to=\(path)/n")
            #expect(problem?.message.contains("untrained has no classifier") == true)
            #expect(problem?.hint == "name adapters that were saved after their training")
        }
    }

    @Test func whatIsSaidToWriteWorks() throws {
        try prepared { bench, path in
            func hint(_ line: String) -> String? {
                bench.problem(line.replacing("{D}", with: path))?.hint
            }
            #expect(hint("combine {D}/a to={D}/n") == "write combine FIRST SECOND to=FOLDER")
            #expect(hint("combine {D}/a {D}/b to={D}/n how=linear") == "write how=svd or how=cat")
            #expect(hint("combine {D}/a {D}/b to={D}/n how=svd") == nil)
            #expect(hint("combine {D}/a {D}/b to={D}/n how=cat") == nil)
            #expect(
                hint("combine {D}/a {D}/b to={D}/n weights=1") == "write weights=0.7,0.3, one for each")
            #expect(hint("combine {D}/a {D}/b to={D}/n weights=0.7,0.3") == nil)
            #expect(
                hint("combine {D}/a {D}/b to={D}/n weights=1,-1") == "write weights that add up to more")
            #expect(hint("combine {D}/a {D}/b to={D}/b/") == "name another folder")
            #expect(hint("combine {D}/a {D}/c to={D}/n") == "name adapters of one task")
            let normed = "\nload toy train=32 test=16\nlora r=2\ntrain steps=1\nsave {D}/d"
            #expect(hint("model nano head.norm=batch" + normed) == nil)
            #expect(
                hint("combine {D}/a {D}/d to={D}/n")
                    == "train the adapters without head.norm=batch after model")
            #expect(hint("model nano" + normed.replacing("/d", with: "/e")) == nil)
            #expect(hint("combine {D}/a {D}/e to={D}/n") == nil)
            #expect(hint("combine {D}/a {D}/b to={D}/n density=0.5") == "leave density out")
            #expect(hint("combine {D}/a {D}/b to={D}/n how=ties_svd density=0.5") == nil)
            #expect(hint("combine {D}/a {D}/b to={D}/n how=dare_linear_svd density=0.5 seed=3") == nil)
        }
    }
}
