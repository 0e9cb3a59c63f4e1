import Datasets
import Diagnostics
import Display
import JSON
import Language

/// `status`: what the session holds.
struct StatusCommand: Command {
    var declaration: CommandDeclaration {
        CommandDeclaration(
            "status", group: .session, summary: "shows what the session holds",
            examples: [CommandExample("status", "model, data, method, variables and settings")])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let state = context.state
        let engine = state.engine
        var entries: [KeyValue.Entry] = [
            .init("model", .text(engine.model?.name ?? "none")),
            .init(
                "data",
                .text(engine.data.flatMap { $0.dataset.hasExamples ? $0.dataset.name : nil } ?? "none")),
            .init("method", .text(engine.method?.summary ?? "none")),
        ]
        if !context.others.isEmpty {
            entries.append(.init("at work", .text(context.others.joined(separator: ", "))))
        }
        if let run = engine.run {
            let steps = "\(run.ownSteps.count.grouped) of \(counted(run.plannedSteps, "step"))"
            let ending = run.ending.map { ", \(RunOutcomeWords.text($0))" } ?? ""
            entries.append(.init("trained", .text("\(run.name): \(steps)\(ending)")))
            if run.usesBest, let best = run.best {
                entries.append(
                    .init(
                        "weights",
                        .text("the best: \(RunOutcomeWords.text(best)) at step \(best.steps.grouped)")))
            }
        }
        if let result = engine.evaluation {
            let isShare = result.metrics.matrix != nil
            entries += result.metrics.figures.prefix(1).map { figure in
                let style: NumberStyle = isShare ? .share(of: result.metrics.count) : figure.style
                return .init(
                    "\(figure.name) on \(result.split.rawValue)", .styled(figure.value, style),
                    key: figure.name)
            }
        }
        for name in state.variables.names {
            entries.append(.init("$" + name, .text(state.variables[name]?.source ?? "")))
        }
        return KeyValue(entries + SetCommand.table(of: state.settings).entries)
    }
}
