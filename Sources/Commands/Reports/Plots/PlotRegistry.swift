import Diagnostics
import Display
import Training

/// Something that `plot` can draw from the state of a session.
///
/// A new one is a file and a line in the registry.
struct Plot: Sendable {
    let name: String
    /// Other words for it.
    let aliases: [String]
    let summary: String
    /// Whether it draws runs, which may be named.
    let isOfRuns: Bool
    /// The chart, and smaller ones under it; throws when there is nothing to draw yet, and says what would bring it.
    let charts: @Sendable (PlotRequest) throws -> [any Displayable]

    init(
        name: String, aliases: [String] = [], summary: String, isOfRuns: Bool = false,
        charts: @escaping @Sendable (PlotRequest) throws -> [any Displayable]
    ) {
        (self.name, self.aliases, self.summary, self.isOfRuns) = (name, aliases, summary, isOfRuns)
        self.charts = charts
    }

    init(
        name: String, aliases: [String] = [], summary: String, isOfRuns: Bool = false,
        chart: @escaping @Sendable (PlotRequest) throws -> any Displayable
    ) {
        self.init(name: name, aliases: aliases, summary: summary, isOfRuns: isOfRuns) { request in
            [try chart(request)]
        }
    }
}

/// What a plot is made of.
struct PlotRequest {
    let engine: EngineState
    /// The runs that were asked for by name.
    var named: [TrainingRun] = []
    var isLogarithmic = false

    /// Those that were named, else the session's own.
    ///
    /// - Throws: `no-run`.
    func runs() throws -> [TrainingRun] { named.isEmpty ? [try engine.requiredRun(to: "plot")] : named }
}

enum PlotRegistry {
    static let all: [Plot] = [
        .loss, .rate, .norm, .accuracy, .confusion, .calibration, .classes, .lengths,
    ]
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
