/// Why a run is over before its last step.
package enum RunEnding: Sendable, Hashable, Codable {
    /// So many validations in a row were not better than the best before them.
    case patience(Int)
    /// So many minutes have passed.
    case time(minutes: Double)
    /// After so many steps, over all runs on the same weights, came one whose loss was no number.
    case diverged(steps: Int)

    /// In a program's word.
    package var name: String {
        switch self {
        case .patience: "patience"
        case .time: "minutes"
        case .diverged: "diverged"
        }
    }
}
