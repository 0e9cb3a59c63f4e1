import Diagnostics
import Foundation
import JSON
import Testing

@testable import Commands

/// Prompt and prefix tuning in a session: trained, judged, asked, saved and opened again.
@Suite struct SoftPromptVerbTests {
    private static let methods = [
        "prompt_tuning tokens=5", "prompt_tuning tokens=5 at=after_cls",
        "prompt_tuning text='is it good or bad?'", "prefix_tuning tokens=5",
        "prefix_tuning tokens=5 projection=yes hidden=8", "prefix_tuning text='is it good or bad?'",
    ]

    private func temporary(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func prediction(_ bench: Bench) throws -> JSON {
        try #require(bench.run("predict 'the soup was lovely'").statements.last?.value)
    }

    @Test(arguments: methods) func whatIsSavedPredictsTheSameElsewhere(method: String) throws {
        try temporary { folder in
            let bench = Bench()
            let tuned = "model nano pooling=cls\nload toy train=48 test=16\n\(method)\ntrain steps=4 lr=1e-2"
            #expect(bench.problem("set workers=2\n\(tuned)\nevaluate") == nil)
            let before = try prediction(bench)
            let report = bench.run("save \(folder)/a").statements.last
            #expect((report?.value["largest_difference"]?.number ?? 1) < 1e-6)
            #expect(bench.problem("merge \(folder)/m")?.code == "nothing-to-merge")
            let other = Bench()
            #expect(other.problem("model nano\nopen path=\(folder)/a/") == nil)
            let after = try prediction(other)
            let shares = [before, after].map { $0[0]?["probabilities"]?.object ?? [:] }
            #expect(!shares[0].isEmpty)
            for (label, share) in shares[0] {
                #expect(abs((share.number ?? 0) - (shares[1][label]?.number ?? 9)) < 1e-5)
            }
            #expect(other.problem("load toy train=32 test=8\ntrain steps=2\nevaluate") == nil)
        }
    }

    @Test(arguments: ["prompt_tuning tokens=4", "prefix_tuning tokens=4"])
    func aDecoderWritesUnderThem(method: String) throws {
        let bench = Bench()
        let data = "model nano-llama\nload toy train=32 test=16 prompt=alpaca"
        #expect(bench.problem("\(data)\n\(method)\ntrain steps=3\nevaluate\npredict 'a good day'") == nil)
    }

    /// The model's positions are 128 or more; 20 of them are gone.
    @Test func theLongestTextIsCutAndSaid() throws {
        let bench = Bench()
        bench.run("model nano")
        let context = try #require(bench.interpreter.session.state.engine.model?.model.config.context)
        #expect(bench.problem("load toy train=16 test=8 max_length=\(context)\nprompt_tuning") == nil)
        #expect(bench.problem("train steps=1") == nil)
        let shown = bench.output.events.map { event in
            if case .display(let bundle, _) = event { bundle.plain } else { "" }
        }.joined()
        #expect(shown.contains("max_length is \(context - 20)"))
        #expect(bench.problem("evaluate\nevaluate max_length=\(context - 20)") == nil)
        #expect(bench.problem("evaluate max_length=\(context)")?.code == "too-long")
        #expect(bench.problem("lora\ntrain steps=1\nevaluate max_length=\(context)") == nil)
    }

    @Test func theCountIsToldAndPEFTsWordsAreTaken() throws {
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8")
        let width = try #require(bench.interpreter.session.state.engine.model?.model.config.width)
        bench.run("prompt_tuning num_virtual_tokens=8 prompt_tuning_init=SAMPLE_VOCAB token_dim=\(width)")
        let attached = try #require(bench.interpreter.session.state.engine.method)
        #expect(attached.trainableCount == 8 * width)
        #expect(attached.summary == "prompt_tuning tokens=8 init=vocab")
        bench.run("prefix_tuning num_virtual_tokens=3 prefix_projection=True encoder_hidden_size=None")
        #expect(
            bench.interpreter.session.state.engine.method?.summary == "prefix_tuning tokens=3 projection=yes")
        #expect(bench.problem("prompt_tuning num_transformer_submodules=2")?.code == "unsupported-key")
    }
}
