import Diagnostics
import Learning

/// How a run is judged on its way, when it ends before its last step, and which weights are kept.
///
/// Nothing of it changes a step that is made: runs with other such settings have the same bytes as far as both go.
package struct JudgingSettings: Sendable, Hashable, Codable {
    /// Steps between two validations, of a share rounded up as Transformers does; nil judges after each epoch.
    package var every: Warmup.Length?
    /// The figure that decides which validation is the best, by its name; nil for the loss.
    package var figure: String?
    /// Validations in a row without a better one, after which the run ends; nil never ends it so.
    package var patience: Int?
    /// By how much a validation has to be better for patience to begin anew; nil for anything.
    package var leastGain: Double?
    /// nil as patience says, see `kept`.
    package var keeps: Kept?
    /// The run ends after the step that passes so many.
    package var minutes: Double?
    /// Validation texts whose answers are kept of each validation; nil for none.
    package var samples: Int?
    /// What is judged, in its order; nil for the data's own validation part.
    package var sets: [ValidationSetRequest]?
    /// What classes of those sets are called there: `positive:pos`, ours first.
    package var classNames: [String]?

    /// Which weights stay at a run's end.
    package enum Kept: String, Sendable, Hashable, Codable, CaseIterable {
        /// The last step's; the best validation's are at hand.
        case last
        /// The best validation's; the last step's are at hand.
        case best
        /// The last step's, and no others are held meanwhile.
        case lastOnly = "last_only"
    }

    package init() {}

    /// As Transformers' callback has it, who stops early takes the best.
    package var kept: Kept { keeps ?? (patience == nil ? .last : .best) }

    /// Whether validations decide which weights stay.
    package var chooses: Bool { patience != nil || kept == .best }

    package var deciding: DecidingFigure { DecidingFigure.named(figure) }

    /// Whether nothing is asked for.
    package var isUsual: Bool { self == JudgingSettings() }

    /// Steps between two validations of a run over so many; nil after each epoch.
    package func steps(of total: Int) -> Int? { every.map { max(1, $0.steps(of: total)) } }
}
