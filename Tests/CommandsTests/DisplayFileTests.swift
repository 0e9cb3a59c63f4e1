import Display
import Foundation
import JSON
import Testing

@testable import Commands

/// `plot … to=` and `table … to=`.
@Suite struct DisplayFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "shown-\(UUID())").path

    private func bench() throws -> Bench {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let bench = Bench()
        bench.run(
            "set times=off\nmodel nano\nload toy train=32 test=16 validation=8\nlora r=2\ntrain steps=4 batch=8\nevaluate"
        )
        return bench
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    @Test func plotsAndTablesAreWrittenByTheirEnding() throws {
        let bench = try bench()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(bench.problem("plot loss to='\(folder)/loss.csv'") == nil)
        let rows = try text("loss.csv").split(separator: "\r\n")
        #expect(rows[0] == "run,step,raw,loss,validation,best" && rows.count == 1 + 4 + 2)
        #expect(bench.problem("table classes to='\(folder)/classes.md'") == nil)
        #expect(try text("classes.md").contains("| class "))
        #expect(bench.problem("table steps to='\(folder)/steps.csv'") == nil)
        #expect(try text("steps.csv").split(separator: "\r\n").count == 5)
        guard Gnuplot.installed != nil else { return }
        #expect(bench.problem("plot lengths to='\(folder)/lengths.svg'") == nil)
        #expect(try text("lengths.svg").hasPrefix("<svg"))
        #expect(bench.problem("plot loss to='\(folder)/loss.png'") == nil)
        let png = try Data(contentsOf: URL(filePath: "\(folder)/loss.png"))
        #expect(png.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func whatCannotBeWrittenIsRefusedByName() throws {
        let bench = try bench()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (line, code) in [
            ("plot loss to='\(folder)/loss.doc'", "bad-format"),
            ("plot loss to='\(folder)/loss'", "bad-format"),
            ("table classes to='\(folder)/t.png'", "bad-format"),
            ("plot loss to='/proc/none/x.csv'", "cannot-write"),
            ("plot loss of=nosuch", "no-run"),
        ] {
            #expect(bench.problem(line)?.code == code, "\(line)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func aMarkOverACommaDoesNotHideIt() {
        let row = DisplayFile.row(["x ,\u{301}y", "a\"\u{301}", "plain"])
        #expect(row == "\"x ,\u{301}y\",\"a\"\"\u{301}\",plain")
    }

    @Test func fieldsAreQuotedAsOthersReadThem() {
        let value: JSON = [["a": "x, \"y\"", "b": 1], ["b": nil, "c": [1, 2]]]
        #expect(
            DisplayFile.csv(value) == "a,b,c\r\n\"x, \"\"y\"\"\",1,\r\n,,\"[1, 2]\"\r\n"
                || DisplayFile.csv(value) == "a,b,c\r\n\"x, \"\"y\"\"\",1,\r\n,,\"[1,2]\"\r\n")
    }

    @Test func epochsAreWrittenAsTheyAreShown() throws {
        let bench = try bench()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(bench.problem("train epochs=1 batch=8\ntable epochs to='\(folder)/epochs.csv'") == nil)
        let lines = try text("epochs.csv").split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let names = try #require(lines.first)
        // The untuned model, the epoch of the run before and this one's.
        #expect(lines.count == 1 + 3 && lines.dropFirst().map { $0[0] } == ["0", "1", "2"])
        let accuracy = try #require(names.firstIndex(of: "validation.accuracy"))
        #expect(lines.dropFirst().allSatisfy { Double($0[accuracy]) != nil })
        #expect(!names.contains("validation"))
    }

    @Test func runsOfTheFolderAreDrawnTogether() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var surroundings = Surroundings.local
        surroundings.runs = folder
        let bench = Bench(surroundings: surroundings)
        let setup = "model nano\nload toy train=32 test=16 validation=8\n"
        bench.run(
            "\(setup)lora r=2\ntrain epochs=2 batch=8 as=small\nlora r=4\ntrain epochs=1 batch=8 as=large")
        let value = bench.run("plot loss of=small,large").statements.last?.value
        let rows = value?["rows"]?.array ?? []
        #expect(rows.count { $0["run"] == "small" && $0["raw"] != nil } == 8)
        #expect(rows.count { $0["run"] == "large" && $0["raw"] != nil } == 4)
        // Of every figure both, in the picture, the page and the text, with names to tell them apart.
        for (plot, points) in [("accuracy", [3, 2]), ("norm", [8, 4]), ("lr", [8, 4]), ("loss", [])] {
            let outcome = bench.run("plot \(plot) of=small,large")
            guard case .finished(let bundle?) = outcome.ending else {
                Issue.record("plot \(plot): \(outcome.ending)")
                continue
            }
            let drawn = outcome.statements.last?.value["rows"]?.array ?? []
            for (name, count) in zip(["small", "large"], points) {
                #expect(drawn.count { $0["series"] == .string(name) } == count, "\(plot): \(drawn)")
            }
            for text in ["1 · small: ", "2 · large: "] {
                #expect(bundle.plain.contains(text), "\(bundle.plain)")
            }
            let forms = [MimeType.vegaLite] + (Gnuplot.installed == nil ? [] : [MimeType.svg])
            for form in forms {
                let text = bundle.data[form].map { $0.string ?? $0.text() } ?? ""
                #expect(text.contains("small") && text.contains("large"), "\(plot) as \(form)")
            }
        }
        #expect(bench.problem("plot accuracy of=small,small")?.code == "bad-value")
        #expect(bench.problem("plot classes of=small")?.code == "unused-key")
    }
}
