import Diagnostics
import Foundation
import Testing

@testable import Commands

/// Whatever is wrong is said, and the session stays as it was.
@Suite struct BadInputTests {
    private func prepared() -> Bench {
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=32 test=16 validation=0")
        return bench
    }

    @Test(
        arguments: [
            ("train", "no-data"), ("evaluate", "no-data"), ("params", "no-model"),
            ("describe", "no-data"), ("show", "no-data"), ("predict x", "no-data"), ("plot loss", "no-run"),
            ("plot confusion", "no-evaluation"), ("table classes", "no-evaluation"),
            ("model nano\ntrain", "no-data"),
            ("load", "missing-value"), ("load nowhere", "unknown-dataset"),
            ("load path=/no/such/file.csv", nil),
            ("model nonsense", "unknown-model"), ("model /no/such/folder", "unknown-model"),
            ("model nano pooling=max", "bad-value"), ("set workers=0", "bad-value"),
            ("sleep -1", "bad-value"),
        ] as [(String, String?)])
    func emptySessionsSayWhatIsMissing(cell: String, code: String?) throws {
        let (found, changes) = Bench().failure(of: cell)
        let problem = try #require(found)
        if let code { #expect(problem.code == code) }
        #expect(changes == [])
        #expect(problem.span != nil)
    }

    @Test(
        arguments: [
            ("train epochs=0", "bad-value"), ("train epochs=many", "bad-value"), ("train lr=-1", "bad-value"),
            ("train batch=0", "bad-value"), ("train max_length=100000", "too-long"),
            ("train epoch=1", "unknown-key"),
            ("train schedule=cosin", "bad-value"), ("lora r=0", "bad-value"),
            ("lora targets=q_prj", "unknown-target"),
            ("lora layers=last:x", "bad-layers"), ("lora layers=7", "bad-layers"),
            ("full last=9", "bad-layers"),
            ("evaluate on=validation", "no-examples"), ("evaluate on=tset", "bad-value"),
            ("predict ''", "no-text"),
            ("predict", "missing-value"), ("show class=maybe", "unknown-class"),
            ("plot nothing", "bad-value"),
            ("load toy train=10 text=nothing", "missing-column"),
            ("load toy prompt=alpcaa", "unknown-template"),
            ("train lr=[1e-3, 1e-4]", "alternatives-outside-block"), ("train lr=$lr", "unknown-variable"),
            ("set memory=1k\nfull\ntrain", "no-memory"),
            ("load toy prompt=alpaca\ntrain", "no-language-head"),
            ("model nano\nload toy train=0.5 test=2000000", nil),
        ] as [(String, String?)])
    func aSlipKeepsTheSession(cell: String, code: String?) throws {
        let bench = prepared()
        let (problem, changes) = bench.failure(of: cell)
        #expect(problem == nil || changes == [])
        if let code {
            #expect(problem?.code == code, "\(problem?.description ?? "it went through")")
            #expect(problem?.hint != nil || problem?.span != nil)
        }
        bench.run("set memory=8GB\nload toy train=32 test=16")
        #expect(bench.problem("train epochs=1 steps=2\nevaluate") == nil)
    }

    @Test func aSlipAfterTrainIsFoundBeforeIt() throws {
        let bench = prepared()
        let outcome = bench.run("train epochs=1\nevalute")
        #expect(outcome.statements.count == 1)
        #expect(outcome.statements[0].diagnostic?.code == "unknown-verb")
        #expect(outcome.statements[0].diagnostic?.hint?.contains("not started") == true)
        #expect(bench.interpreter.session.state.engine.run == nil)
    }

    private func file(_ name: String, _ text: String, _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "lorikeet-bad-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        try body("\(folder)/\(name)")
    }

    @Test(arguments: [
        ("a.csv", ""), ("a.csv", "text,label\n"), ("a.csv", "text,label\nx,1\ny,1\n"), ("a.csv", "a,b\n\"x"),
        ("a.jsonl", "{\"text\": \"x\""), ("a.jsonl", "[]"), ("a.json", "{"), ("a.tsv", "\u{0}"),
    ])
    func brokenTablesAreRefused(name: String, text: String) throws {
        try file(name, text) { path in
            let bench = prepared()
            let (problem, changes) = bench.failure(of: "load path=\(path)")
            #expect(problem != nil && changes == [])
        }
    }

    @Test(arguments: ["config.json", "model.safetensors", "model.gguf"])
    func brokenModelsAreRefused(name: String) throws {
        for text in ["", "{}", "GGUF", "{\"model_type\": \"bert\"}", "\u{8}aaaaaaa{}"] {
            try file(name, text) { path in
                let bench = prepared()
                let place = name == "config.json" ? (path as NSString).deletingLastPathComponent : path
                let (problem, changes) = bench.failure(of: "model \(place)")
                #expect(problem != nil && changes == [])
            }
        }
    }
}
