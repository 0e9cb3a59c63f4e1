import Diagnostics
import Testing

@testable import Learning

@Suite struct SGDTests {
    /// Plain, with momentum, dampened and Nesterov's; rates and decay of two groups, and clipping.
    @Test func twentyStepsEqualPyTorchs() throws {
        try GoldenSteps(of: "sgd").check(SGD.self)
    }

    @Test func onlyMomentumKeepsSomething() throws {
        func kept(_ given: [String: SettingValue]) throws -> [String] {
            let optimizer = try SGD(
                SampleGroups().all, SettingValues(SGD.declaration.settings, given), workers: nil)
            return optimizer.snapshot().tensors.map(\.name)
        }
        let (plain, moving) = (try kept([:]), try kept(["momentum": .number(0.9)]))
        #expect(plain.isEmpty)
        #expect(moving.count == 3 && moving.contains("group1.parameter0.momentum"))
    }

    @Test(
        arguments: [
            [:], ["momentum": .number(0.9), "dampening": .number(0.5)],
        ] as [[String: SettingValue]])
    func nesterovWithoutWhatItNeedsIsRefused(given: [String: SettingValue]) {
        let choice = OptimizerChoice(SGD.self, given.merging(["nesterov": .flag(true)]) { $1 })
        #expect(throws: Diagnostic.self) { try choice.made(for: [], workers: nil) }
    }
}
