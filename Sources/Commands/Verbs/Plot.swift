import Diagnostics
import Display
import Language
import Training

/// `plot`: what there is to look at.
struct PlotCommand: Command {
    private let what = VerbParameter<String>(
        "what", "what to draw",
        .choice(PlotRegistry.all.map { Choice($0.name, $0.summary, aliases: $0.aliases) }), default: "loss"
    ).positional()
    private let of = VerbParameter<[String]>(
        "of", "runs by their names, for curves of training", listOf: .name(.run, isOpen: true), default: []
    ).otherwise("the session's last run")
    private let log = VerbParameter<Bool>("log", "draw losses on a logarithmic axis", default: false)
    private let to = VerbParameter<String?>(
        "to", "also write it to FILE.svg, .png, .pdf or .csv", .path(.file(DisplayFile.endingsOfPlots)))

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "plot", group: .look, summary: "draws a curve or a distribution", parameters: parameters,
            examples: [
                CommandExample(
                    "plot loss", "the loss by step",
                    after: CommandExample.tuned),
                CommandExample("plot loss of=r8,r16 log=yes", "two runs, compared", isSelfContained: false),
                CommandExample("plot classes", "how many examples of each class", after: "load toy"),
                CommandExample("plot lengths", "how long the texts are", after: "load toy"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let plot = PlotRegistry.all.first { $0.name == arguments[what] }
        guard plot?.isOfRuns == true || !arguments.isGiven(of) else {
            throw Diagnostic(
                "unused-key", "of= names runs, and plot \(arguments[what]) is of none",
                at: arguments.span(of: of), hint: "leave it out")
        }
        var request = PlotRequest(engine: context.state.engine, isLogarithmic: arguments[log])
        request.named = try locating(arguments.span(of: of)) {
            try arguments[of].map { try Self.run(named: $0, in: context) }
        }
        let names = request.named.map(\.name)
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw Diagnostic(
                "bad-value", "of= names the run \(names[twice]) twice", at: arguments.span(of: of),
                hint: "write it once")
        }
        let charts = try locating(arguments.span(of: what)) { try plot?.charts(request) ?? [] }
        guard let main = charts.first, let last = charts.last else { return nil }
        if let path = arguments[to] {
            try locating(arguments.span(of: to)) { try DisplayFile.write(main, to: path) }
            let which = charts.count > 1 ? "the first of the \(charts.count) plots" : "the plot"
            context.display(Message("\(which) is written to \(path.forMessages)"))
        }
        for chart in charts.dropLast() { context.display(chart) }
        return Valued(last, value: main.value)
    }

    /// The session's own run, or one of the folder of runs.
    private static func run(named name: String, in context: Context) throws -> TrainingRun {
        let name = RunName.whole(name)
        if let run = context.state.engine.run, run.name == name { return run }
        guard let place = context.runPlace else {
            throw Diagnostic(
                "no-run", "there is no run \(name)", hint: "set runs=FOLDER names a folder")
        }
        return try place.record(of: name)
    }
}
