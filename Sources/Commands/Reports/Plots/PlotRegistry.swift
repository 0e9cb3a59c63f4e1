import Diagnostics
import Display
import Training

/// Something that `plot` can draw from the state of a session.
///
/// A new one is a file and a line in the registry.
struct Plot: Sendable {
    let name: String
    let summary: String
    /// Throws when there is nothing to draw yet, and says what would bring it.
    let chart: @Sendable (EngineState) throws -> any Displayable
}

enum PlotRegistry {
    static let all: [Plot] = [.loss, .rate, .accuracy, .confusion, .classes, .lengths]
}

extension EngineState {
    func requiredRun(to purpose: String) throws -> TrainingRun {
        if let run { return run }
        throw Diagnostic("no-run", "there is no training run to \(purpose)", hint: "write train before it")
    }

    func requiredEvaluation(to purpose: String) throws -> EvaluationResult {
        if let evaluation { return evaluation }
        throw Diagnostic(
            "no-evaluation", "there is no evaluation to \(purpose)", hint: "write evaluate before it")
    }
}
