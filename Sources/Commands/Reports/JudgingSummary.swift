import Datasets
import Display
import Training

extension PreparedRun {
    /// From so many bytes on it is said what the best weights take.
    private static let notedBytes = 50_000_000

    /// `16 texts, judged every 50 steps; test: 100 texts; ends after 3 without a better loss`
    ///
    /// - `bestBytes`: what holding the best weights takes in memory; 0 where they take none of their own.
    func judgingSummary(bestBytes: Int) -> String {
        func count(_ number: Int) -> String { NumberStyle.automatic.text(Double(number)) }
        let judging = run.judging
        var parts: [String] = []
        if let first = inputs.sets.first {
            let every = judging.steps(of: settings.horizon(of: trainer.examples.count))
            let often =
                every.map { $0 == 1 ? "after each step" : "every \(count($0)) steps" } ?? "after each epoch"
            // The data's own part needs no name.
            let name = first.name == "validation" ? "" : "\(first.name): "
            parts.append("\(name)\(counted(first.count, "text")), judged \(often)")
            parts += inputs.sets.dropFirst().map { "\($0.name): \(counted($0.count, "text"))" }
        } else {
            parts.append("none")
        }
        if let patience = judging.patience {
            let gain = judging.leastGain.map { " by more than \(NumberStyle.automatic.text($0))" } ?? ""
            parts.append(
                "ends after \(count(patience)) without a better \(judging.deciding.title(of: inputs.task.labels))\(gain)"
            )
        } else if judging.figure != nil {
            parts.append("the best by \(judging.deciding.title(of: inputs.task.labels))")
        }
        if let minutes = judging.minutes {
            parts.append("ends after \(NumberStyle.seconds.text(60 * minutes))")
        }
        if bestBytes >= Self.notedBytes {
            parts.append("the best weights are held too, \(NumberStyle.bytes.text(Double(bestBytes)))")
        }
        return parts.joined(separator: "; ")
    }
}
