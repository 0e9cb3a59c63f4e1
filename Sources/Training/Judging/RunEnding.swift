/// Why a run is over before its last step.
package enum RunEnding: Sendable, Hashable, Codable {
    /// So many validations in a row were not better than the best before them.
    case patience(Int)
    /// So many minutes have passed.
    case time(minutes: Double)
    /// After so many steps, over all runs on the same weights, came what was no number: the next one's loss or gradients,
    /// or the scores of a validation.
    case diverged(steps: Int)

    /// In a program's word; a person reads `RunOutcomeWords`.
    package var name: String {
        switch self {
        case .patience: "patience"
        case .time: "minutes"
        case .diverged: "diverged"
        }
    }
}
