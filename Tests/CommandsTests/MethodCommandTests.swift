import Diagnostics
import Language
import Learning
import Testing
import Training

@testable import Commands

/// Verbs that are made of what methods declare.
@Suite struct MethodCommandTests {
    private func prepared() -> Bench {
        let bench = Bench(commands: TestRegistry.commands)
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=16")
        return bench
    }

    @Test(arguments: MethodRegistry.all.map { $0.declaration } + [BiasMethod.declaration])
    func theVerbMirrorsTheDeclaration(_ declared: MethodDeclaration) throws {
        let interpreter = Bench(commands: TestRegistry.commands).interpreter
        let command = try #require(interpreter.lexicon[declared.name])
        #expect(command.summary == declared.summary && command.details == declared.details)
        #expect(command.examples.map(\.code) == declared.examples.map(\.code))
        #expect(command.foreign.map(\.name) == declared.foreign.map(\.name))
        #expect(command.parameters.map(\.name) == declared.settings.map(\.name))
        for (parameter, setting) in zip(command.parameters, declared.settings) {
            #expect(parameter.doc == setting.doc && parameter.aliases == setting.aliases)
            #expect(parameter.foreignDefaults == setting.foreignDefaults)
            #expect(parameter.type == ParameterType(setting.kind))
            #expect(parameter.defaultValue.flatMap(SettingValue.init) == setting.usual)
            #expect(parameter.otherwise == setting.otherwise)
            #expect(parameter.acceptsAuto == setting.isAutomatic)
        }
    }

    @Test func everyMethodIsAVerb() {
        let verbs = CommandRegistry.lexicon.commands.filter { $0.group == .method }.map(\.verb)
        #expect(verbs == MethodRegistry.all.map { $0.declaration.name })
    }

    @Test func aMethodOfOthersHasHelpAndCompletion() {
        let bench = prepared()
        #expect(bench.result("help")?.plain.contains("tunes the biases alone") == true)
        let page = bench.result("help biases")?.plain ?? ""
        #expect(page.contains("which blocks") && page.contains("biases layers=last:1"))
        #expect(bench.result("help biases init_biases")?.plain.contains("what each bias begins with") == true)
        func offers(_ cell: String) -> [String] {
            bench.interpreter.complete(cell, cursor: cell.unicodeScalars.count).items.map(\.text)
        }
        #expect(offers("bia") == ["biases"])
        #expect(offers("help bia") == ["biases"])
        #expect(offers("biases sta").first?.hasPrefix("start") == true)
        #expect(offers("biases start=") == ["own", "zero"])
        #expect(bench.interpreter.inspect("biases layers=last:1", cursor: 9, detail: 0) != nil)
    }

    @Test func aMethodOfOthersTrains() throws {
        let bench = prepared()
        #expect(bench.problem("biases layers=last:1 start=zero") == nil)
        let attached = try #require(bench.interpreter.session.state.engine.method)
        #expect(attached.summary == "biases layers=last:1 start=zero")
        #expect(attached.parameters.allSatisfy { $0.name.contains("layer.1.") })
        #expect(attached.parameters.allSatisfy { $0.dense().floats.allSatisfy { $0 == 0 } })
        #expect(bench.problem("train steps=3") == nil)
        let trained = try #require(bench.interpreter.session.state.engine.method)
        #expect(trained.parameters.contains { $0.dense().floats.contains { $0 != 0 } })
        #expect(bench.interpreter.session.state.engine.run?.method == "biases layers=last:1 start=zero")
        #expect(bench.problem("evaluate") == nil)
    }

    /// The word that a problem is about is underlined.
    @Test(arguments: [
        ("biases layers=last:9", "last:9", "bad-layers"), ("biases layers=never", "never", "bad-layers"),
        ("lora r=2 layers=last:9", "last:9", "bad-layers"), ("lora layers=x r=2", "x", "bad-layers"),
        ("lora targets=qeury layers=0", "qeury", "unknown-target"), ("full last=9", "9", "bad-layers"),
        ("lora alpha=1e-60", "1e-60", "bad-value"),
    ])
    func aProblemHasItsPlace(_ tried: (cell: String, word: String, code: String)) throws {
        let bench = prepared()
        let problem = try #require(bench.problem(tried.cell))
        #expect(problem.code == tried.code)
        let span = try #require(problem.span)
        let scalars = Array(tried.cell.unicodeScalars)[span.start..<span.end]
        #expect(String(String.UnicodeScalarView(scalars)).hasSuffix(tried.word))
        #expect(bench.interpreter.session.state.engine.method == nil)
    }

    @Test func keysOfOthersAreRefusedOrPassedOver() {
        let bench = prepared()
        #expect(bench.problem("biases bias=none")?.code == "unsupported-key")
        #expect(bench.problem("biases bias=all") == nil)
        #expect(bench.output.text.contains("bias is passed over"))
    }

    /// What help says of the learning rate names every method.
    @Test func theUsualRatesAreTold() {
        let told = LoadedModel.usualRates
        for declared in MethodRegistry.all.map({ $0.declaration }) {
            #expect(told.contains("\(declared.name) \(formatted(declared.rate.rate))"))
        }
        #expect(told.contains("full 2e-5 (1e-4 with last=)") && told.contains(", nano 0.002, "))
        #expect(told.hasSuffix("100 times that with sgd, 0.2 times that with lion"))
    }
}
