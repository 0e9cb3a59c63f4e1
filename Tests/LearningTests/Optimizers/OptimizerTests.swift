import Compute
import Diagnostics
import Synchronization
import Testing

@testable import Learning

/// What every optimizer of the registry holds to.
@Suite struct OptimizerTests {
    struct Entry: Sendable, CustomTestStringConvertible {
        let kind: any Optimizer.Type
        var declaration: ChoiceDeclaration { kind.declaration }
        var testDescription: String { declaration.name }

        /// Settings that are zero by default put to work, so that all that is kept is in use.
        var lively: OptimizerChoice {
            let zero = declaration.settings.filter { $0.usual == .number(0) }
            return OptimizerChoice(
                kind, Dictionary(uniqueKeysWithValues: zero.map { ($0.name, .number(0.1)) }))
        }
    }

    static let every = OptimizerRegistry.all.map { Entry(kind: $0) }

    @Test(arguments: every)
    func declaredDefaultsAreValid(_ entry: Entry) throws {
        entry.declaration.check()
        _ = try OptimizerChoice(entry.kind).made(for: [], workers: nil)
        #expect(OptimizerRegistry.named(entry.declaration.name) == entry.kind)
    }

    @Test func theUsualOneIsRegistered() {
        #expect(OptimizerRegistry.all.contains { $0 == OptimizerRegistry.usual })
        let names = OptimizerRegistry.all.flatMap { [$0.declaration.name] + $0.declaration.aliases }
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: every)
    func aStepGoesAgainstTheGradient(_ entry: Entry) throws {
        let groups = SampleGroups()
        let optimizer = try OptimizerChoice(entry.kind).made(for: groups.all, workers: nil)
        let (before, gradients) = (groups.values, groups.gradients(1))
        optimizer.step(gradients: gradients, gradientScale: 1, lr: 1e-3)
        let changes = zip(groups.values, before).map { $0 - $1 }
        let product = zip(changes, gradients.flatMap(\.floats)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(product < 0)
        #expect(changes.allSatisfy { abs($0) < 0.1 })
    }

    @Test(arguments: every)
    func stepsAfterARestoreAreThoseOfAnUninterruptedRun(_ entry: Entry) throws {
        let calls = Mutex(0)
        let whole = SampleGroups { own in
            calls.withLock { $0 += own.map(\.name) == ["group1.parameter0"] ? 1 : 100 }
        }
        let optimizer = try entry.lively.made(for: whole.all, workers: nil)
        for step in 0..<3 { optimizer.step(gradients: whole.gradients(step), gradientScale: 0.7, lr: 0.01) }
        let (snapshot, resumed) = (optimizer.snapshot(), SampleGroups())
        resumed.take(whole)
        for step in 3..<6 { optimizer.step(gradients: whole.gradients(step), gradientScale: 0.7, lr: 0.01) }
        #expect(calls.withLock { $0 } == 6)

        // The snapshot stayed as it was while the first one went on.
        let other = try entry.lively.made(for: resumed.all, workers: nil)
        try other.restore(snapshot)
        #expect(other.state.stepCount == 3)
        for step in 3..<6 { other.step(gradients: resumed.gradients(step), gradientScale: 0.7, lr: 0.01) }
        #expect(resumed.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
        let (a, b) = (optimizer.snapshot(), other.snapshot())
        #expect(a.stepCount == b.stepCount)
        #expect(a.tensors.map(\.values.floats) == b.tensors.map(\.values.floats))
    }

    @Test(arguments: every)
    func workersChangeNoBit(_ entry: Entry) throws {
        let counts = [[(1 << 18) + 5, 3], [2 << 18]]
        let workers = Workers(count: 8)
        defer { workers.close() }
        let results = try [nil, workers].map { workers in
            let groups = SampleGroups(counts)
            let optimizer = try entry.lively.made(for: groups.all, workers: workers)
            for step in 0..<2 {
                optimizer.step(gradients: groups.gradients(step), gradientScale: 1, lr: 0.01)
            }
            return groups.values.map(\.bitPattern)
        }
        #expect(results[0] == results[1])
    }

    @Test(arguments: every)
    func aStateThatDoesNotFitIsRefusedByName(_ entry: Entry) throws {
        let groups = SampleGroups()
        let optimizer = try entry.lively.made(for: groups.all, workers: nil)
        optimizer.step(gradients: groups.gradients(0), gradientScale: 1, lr: 0.01)
        let whole = optimizer.snapshot()
        func refusal(_ tensors: [(name: String, values: Buffer)], of name: String? = nil) -> String? {
            let other = OptimizerSnapshot(
                optimizer: name ?? entry.declaration.name, stepCount: 9, tensors: tensors)
            do { try optimizer.restore(other) } catch let problem as Diagnostic {
                return problem.code == "bad-state" ? problem.message : nil
            } catch {}
            return nil
        }
        #expect(refusal(whole.tensors, of: "another")?.contains("another") == true)
        #expect(refusal(whole.tensors + [("stranger", Buffer(zeros: 1))])?.contains("stranger") == true)
        if let first = whole.tensors.first {
            let rest = Array(whole.tensors.dropFirst())
            #expect(refusal(rest)?.contains(first.name) == true)
            #expect(
                refusal(rest + [(first.name, Buffer(zeros: 99))])?.contains("\(first.name) has 99") == true)
            #expect(refusal(whole.tensors + [first]) != nil)
        }
        #expect(optimizer.state.stepCount == 1)
        // Another order is the same state.
        try optimizer.restore(
            OptimizerSnapshot(
                optimizer: whole.optimizer, stepCount: whole.stepCount, tensors: whole.tensors.reversed()))
        #expect(optimizer.snapshot().tensors.map(\.values.floats) == whole.tensors.map(\.values.floats))
    }
}

extension ChoiceDeclaration {
    /// What a declaration has to be for the language to make keys of it.
    func check() {
        #expect(!doc.isEmpty && !doc.hasSuffix("."))
        let keys = settings.flatMap { [$0.name] + $0.aliases }
        #expect(Set(keys).count == keys.count)
        for setting in settings {
            #expect(!setting.doc.isEmpty && !setting.doc.hasSuffix("."), "\(setting.name)")
            #expect(setting.name.allSatisfy { $0.isLowercase || $0 == "_" || $0.isNumber }, "\(setting.name)")
            #expect(setting.usual.map(setting.accepts) ?? (setting.otherwise != nil), "\(setting.name)")
        }
    }
}
