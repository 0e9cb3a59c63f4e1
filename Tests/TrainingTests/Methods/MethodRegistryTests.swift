import Compute
import Diagnostics
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// What holds for every method, whichever there are.
@Suite struct MethodRegistryTests {
    /// A method on a family.
    struct Case: Sendable, CustomTestStringConvertible {
        let method: any Method.Type
        let family: String
        var testDescription: String { "\(method.declaration.name) on \(family)" }

        func model() throws -> any LanguageModel {
            try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: family).path)
        }
    }

    static let cases = MethodRegistry.all.flatMap { method in
        ["bert", "gpt2", "llama"].map { Case(method: method, family: $0) }
    }.filter { MethodCases.isPossible($0.method, on: $0.family) }
    /// Those that change something of the model itself.
    static let changing = cases.filter { !MethodCases.isBare($0.method) }
    static let declarations = MethodRegistry.all.map { $0.declaration }

    private static let sequences: [[Int32]] = [[3, 9, 27, 20], [5, 25, 11, 2, 41, 8]]

    private static func hidden(_ model: any LanguageModel, _ tuning: Tuning?) throws -> [Float] {
        let rows = sequences.enumerated().map { Row(ids: $1, identity: UInt64($0)) }
        let pass = Pass(Layout(rows, under: tuning), under: tuning)
        return try model.hiddenStates(Tokens(rows), pass).floats
    }

    /// A decomposition of every matrix may take long.
    @Test(arguments: ["pissa", "olora"]) func firstValuesCanBeInterrupted(start: String) throws {
        let model = try SizedModels.model("llama")
        let method = try LowRankMethod(["init": .word(start)])
        _ = try method.tuning(of: model, seed: 1)
        let interruption = Interruption()
        interruption.request()
        #expect(throws: Interrupted.self) {
            try Interruption.$current.withValue(interruption) { _ = try method.tuning(of: model, seed: 1) }
        }
    }

    @Test(arguments: changing) func whatIsUsualGivesATuning(_ tried: Case) throws {
        let tuning = try tried.method.init().tuning(of: tried.model(), seed: 1)
        #expect(!tuning.trainedParameters.isEmpty)
        #expect(tuning.trainedParameters.allSatisfy { $0.count > 0 })
        let trained = Set(tuning.trainedParameters.map { ObjectIdentifier($0) })
        #expect(trained.count == tuning.trainedParameters.count, "a parameter is trained twice")
        let held = Set(tuning.parameters.map { ObjectIdentifier($0) })
        #expect(trained.isSubset(of: held))
    }

    @Test(arguments: changing) func nothingLiesBelowTheReachThatItStates(_ tried: Case) throws {
        let model = try tried.model()
        let tuning = try tried.method.init().tuning(of: model, seed: 1)
        let names = Array(tuning.replaced.keys) + Array(tuning.linears.keys) + Array(tuning.tables.keys)
        var places = names.map { (name: $0, part: model.part(of: $0)) }
        places += (Array(tuning.keyValues.keys) + Array(tuning.outputs.keys)).map {
            (name: "block \($0)", part: Part.block($0))
        }
        if tuning.leading != nil { places.append((name: "rows before a sequence", part: .embeddings)) }
        for place in places {
            #expect(place.part >= tuning.reach, "\(place.name) lies below \(tuning.reach)")
        }
        #expect(places.map(\.part).min() == tuning.reach, "it reaches no lower than that")
    }

    @Test(arguments: changing) func theBaseStaysAsItIs(_ tried: Case) throws {
        let model = try tried.model()
        let before = model.store.parameters.map { $0.dense().floats }
        let untuned = try Self.hidden(model, nil)
        let tuning = try tried.method.init().tuning(of: model, seed: 1)
        for parameter in tuning.trainedParameters { parameter.fill(scale: 0.3, phase: 0.4) }
        #expect(try Self.hidden(model, tuning) != untuned)
        for (parameter, values) in zip(model.store.parameters, before) {
            #expect(parameter.dense().floats == values, "\(parameter.name)")
        }
        #expect(try Self.hidden(model, nil) == untuned)
    }

    @Test(arguments: cases) func oneSeedGivesOneTuning(_ tried: Case) throws {
        let model = try tried.model()
        let tunings = try (0..<2).map { _ in try tried.method.init().tuning(of: model, seed: 5) }
        let values = tunings.map { $0.parameters.map { $0.dense().floats } }
        #expect(values[0] == values[1])
        #expect(tunings[0].parameters.map(\.name) == tunings[1].parameters.map(\.name))
        #expect(tunings[0].parameters.map(\.shape) == tunings[1].parameters.map(\.shape))
        let own = Set(tunings[0].parameters.map { ObjectIdentifier($0) })
        #expect(own.isDisjoint(with: tunings[1].parameters.map { ObjectIdentifier($0) }))
    }

    /// What states weigh and what is advised goes by it.
    @Test(arguments: changing) func adaptersAndVectorsKeepMatrices(_ tried: Case) throws {
        let loaded = LoadedModel(
            name: "tiny", source: "", model: try tried.model(), tokenizer: WordNumbers(),
            request: ModelRequest(name: "tiny", seed: 1))
        let attached = try AttachedMethod(tried.method.init(), to: loaded, seed: 1)
        let changes = ["full", "last", "head", "hft"].contains(tried.method.declaration.name)
        #expect(attached.keepsMatrices == !changes)
    }

    @Test(arguments: declarations) func everyDeclarationIsWhole(_ declaration: MethodDeclaration) {
        #expect(!declaration.summary.isEmpty && !declaration.summary.hasSuffix("."))
        #expect(!declaration.examples.isEmpty)
        #expect(declaration.rate.rate > 0 && declaration.rate.exceptions.allSatisfy { $0.rate > 0 })
        for setting in declaration.settings {
            #expect(setting.usual.map(setting.accepts) ?? true, "\(setting.name)")
            #expect(setting.usual != nil || setting.otherwise != nil, "\(setting.name)")
        }
        for exception in declaration.rate.exceptions {
            if case .given(let name) = exception.circumstance {
                #expect(declaration.settings.contains { $0.name == name }, "\(name)")
            }
        }
        let names = declaration.settings.flatMap { [$0.name] + $0.aliases } + declaration.foreign.map(\.name)
        #expect(Set(names).count == names.count, "a key stands for two")
    }

    @Test func namesAreDifferent() {
        #expect(Set(Self.declarations.map(\.name)).count == Self.declarations.count)
    }

    @Test func whatIsShownIsWhatWasChosen() throws {
        #expect(try LowRankMethod().summary == "lora r=8 alpha=16 dropout=0.05 targets=auto")
        let chosen = try LowRankMethod([
            "r": .count(4), "alpha": .number(0.5), "targets": .names(["q", "v"]),
            "layers": .names(["last:1"]),
            "rslora": .flag(true), "init": .word("gaussian"),
        ])
        #expect(
            chosen.summary
                == "lora r=4 alpha=0.5 dropout=0.05 targets=q,v layers=last:1 rslora=yes init=gaussian")
        #expect(try FullMethod().summary == "full")
        #expect(try FullMethod(["last": .count(2)]).summary == "full last=2")
    }

    @Test func ratesGoByWhatIsTuned() throws {
        let full = try FullMethod()
        #expect(full.declaration.rate.value(for: full.values, isWriting: true) == 2e-5)
        let last = try FullMethod(["last": .count(1)])
        #expect(last.declaration.rate.value(for: last.values, isWriting: false) == 1e-4)
        let lora = try LowRankMethod()
        #expect(lora.declaration.rate.value(for: lora.values, isWriting: false) == 1e-3)
        #expect(lora.declaration.rate.value(for: lora.values, isWriting: true) == 5e-4)
    }
}
