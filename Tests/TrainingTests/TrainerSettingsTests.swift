import Learning
import Testing

@testable import Training

/// Settings that no command lets in are refused by name, wherever they come from.
@Suite struct TrainerSettingsTests {
    private static let changes: [(name: String, change: @Sendable (inout TrainerSettings) -> Void)] = [
        ("epochs", { $0.epochs = .infinity }), ("epochs", { $0.epochs = .nan }), ("batch", { $0.batch = 0 }),
        ("lr", { $0.lr = -1 }), ("lr", { $0.lr = .nan }), ("clip", { $0.clip = .infinity }),
        ("warmup", { $0.warmup = .steps(-1) }), ("warmup", { $0.warmup = .share(1.5) }),
        ("dropout.hidden", { $0.dropout = DropoutRates(hidden: 1) }),
        ("dropout.attention", { $0.dropout = DropoutRates(attention: -0.1) }),
        ("neftune", { $0.noise = -1 }), ("steps", { $0.maxSteps = 0 }), ("sums", { $0.sums = 0 }),
        ("lr.head", { $0.rates = PartRates(head: .nan) }),
        ("lr.blocks", { $0.rates = PartRates(blocks: -1e-3) }),
        ("patience", { $0.judging = judging { $0.patience = 0 } }),
        ("min_delta", { $0.judging = judging { $0.leastGain = -0.1 } }),
        ("minutes", { $0.judging = judging { $0.minutes = 0 } }),
        ("minutes", { $0.judging = judging { $0.minutes = .infinity } }),
        ("validate_every", { $0.judging = judging { $0.every = .steps(0) } }),
        ("validate_every", { $0.judging = judging { $0.every = .share(2) } }),
    ]

    private static func judging(_ change: (inout JudgingSettings) -> Void) -> JudgingSettings {
        var judging = JudgingSettings()
        change(&judging)
        return judging
    }

    @Test func whatIsUsualIsSound() { #expect(TrainerSettings().unsound == nil) }

    @Test(arguments: changes.indices) func whatIsOutOfItsRangeIsNamed(index: Int) throws {
        let (name, change) = Self.changes[index]
        var settings = TrainerSettings()
        change(&settings)
        let unsound = settings.unsound
        #expect(unsound?.hasPrefix("\(name) is ") == true, "\(unsound ?? "")")
        #expect(unsound?.contains(", expected a number ") == true)
    }

    /// Each number of what is chosen by name has a range, and none takes what is no number, or is infinite.
    @Test func everySettingOfAChoiceHasARange() {
        let choices =
            OptimizerRegistry.all.map { $0.declaration } + ScheduleRegistry.all.map { $0.declaration }
            + LossRegistry.all.map { $0.declaration }
        for choice in choices {
            for setting in choice.settings {
                guard case .number = setting.kind else { continue }
                for value in [Double.nan, .infinity, -.infinity] {
                    #expect(!setting.accepts(.number(value)), "\(choice.name): \(setting.name) is \(value)")
                }
                if setting.name != "decay_rate" {
                    #expect(!setting.accepts(.number(-1e-3)), "\(choice.name): \(setting.name)")
                }
                if ["beta1", "beta2", "rho", "momentum", "label_smoothing"].contains(setting.name) {
                    #expect(!setting.accepts(.number(1)), "\(choice.name): \(setting.name)")
                }
            }
        }
    }
}
