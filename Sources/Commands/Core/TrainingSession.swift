import Diagnostics
import Display
import JSON
import Training

/// One run at work in a session: what is said of it meanwhile, and what the session keeps of it.
struct TrainingSession {
    /// What the session was when the run was made.
    let engine: EngineState
    let prepared: PreparedRun

    /// - Throws: `Interrupted` with whole steps kept, and nothing without one; anything else with nothing kept.
    func run(as plan: TrainingPlan, in context: inout Context) throws -> any Displayable {
        say(try prepared.begin(), in: context)
        // Of a run that is over, whose sets nobody needs, it is known from its lines.
        let hasValidation =
            !prepared.inputs.sets.isEmpty || prepared.record.lines.contains { $0.validation != nil }
        // Of all that is to come, before it has.
        let expected = plan.expectation
        let display = TrainingDisplay(
            prepared.run, expected: expected.time, hasValidation: hasValidation, advice: advice,
            in: context)
        do {
            display.begin()
            try goOn(display, in: context)
        } catch is Interrupted {
            var note = PanelNote("nothing was trained yet: all is as it was")
            if prepared.trainer.step > 0 { note = stop(in: &context) } else { prepared.giveUp() }
            _ = display.finish(
                .stopped, detail: display.stopped, notes: [note], report: report(plan, expected, in: context))
            throw Interrupted(isSaid: true)
        } catch let problem as Diagnostic where prepared.leavesBest(after: problem) {
            prepared.run.diverge()
            let (outcome, event) = prepared.finish()
            say(event, in: context)
            keep(outcome, in: &context)
            context.keep()
            let words = RunOutcomeWords(outcome.record)
            _ = display.finish(
                .stopped, detail: "failed", notes: words.notes,
                report: report(plan, expected, of: outcome.record, in: context))
            throw problem.telling(words.kept)
        } catch {
            // What was written before this try began is still good.
            prepared.giveUp()
            _ = display.finish(.stopped, detail: "failed", report: report(plan, expected, in: context))
            guard let problem = error as? Diagnostic else { throw error }
            throw problem.telling(RunOutcomeWords.asBefore(context.state.engine))
        }
        let (outcome, event) = prepared.finish()
        say(event, in: context)
        keep(outcome, in: &context)
        let words = RunOutcomeWords(outcome.record)
        return display.finish(
            .finished, detail: words.headline(), notes: words.notes,
            report: report(plan, expected, of: outcome.record, in: context))
    }

    private func report(
        _ plan: TrainingPlan, _ expected: Expectation, of run: TrainingRun? = nil, in context: Context
    ) -> TrainingReport {
        var report = TrainingReport(
            run: run ?? prepared.record, showsTimes: context.state.settings.showsTimes)
        (report.advice, report.warnings) = (advice, plan.warnings)
        report.expected = expected
        return report
    }

    /// What to try where everything is put into one class.
    private var advice: StuckAdvice {
        let (inputs, settings) = (prepared.inputs, prepared.settings)
        return StuckAdvice(
            inputs.data.dataset,
            rates: prepared.trainer.rates.map { name, single in
                StuckAdvice.Rate(name, Double("\(single)") ?? Double(single), written: single.written)
            },
            usual: inputs.method.usualRate(on: inputs.model, with: inputs.task, by: settings.optimizer),
            isWeighted: settings.loss?.values.names("class_weights") != nil,
            after: prepared.trainer.start.steps)
    }

    private func goOn(_ display: TrainingDisplay, in context: Context) throws {
        while true {
            let event = try prepared.run.advance(context.interruption) { display.note(judged: $0, of: $1) }
            display.note(event)
            switch event {
            case .step: try context.interruption.check()
            case .untuned, .epoch, .validation, .state: break
            case .unwritten: say(event, in: context)
            case .finished: return
            }
        }
    }

    private func say(_ event: RunEvent?, in context: Context) {
        guard case .unwritten(let problem) = event else { return }
        context.output.note(
            "the run's state was not written and is in memory alone: \(problem.message)"
                + (problem.hint.map { " (\($0))" } ?? ""))
    }

    /// - Returns: what is kept, and how it goes on.
    private func stop(in context: inout Context) -> PanelNote {
        let (outcome, event) = prepared.interrupt()
        say(event, in: context)
        keep(outcome, in: &context)
        context.keep()
        var place = " in memory"
        if case .state? = event { place = prepared.folder.map { " in \($0)" } ?? "" }
        let trainer = prepared.trainer
        let first = trainer.start.steps
        return PanelNote([
            .text(
                "stopped at step \((first + trainer.step).grouped) of \((first + trainer.totalSteps).grouped); \(prepared.name) is kept\(place): "
            ),
            .code("resume"), .text(" finishes it, "), .code("train"), .text(" goes on from its weights"),
        ])
    }

    private func keep(_ outcome: RunOutcome, in context: inout Context) {
        var engine = engine
        (engine.method, engine.task, engine.run) = (outcome.method, outcome.task, outcome.record)
        (engine.kept, engine.seen) = (outcome.kept, outcome.seen)
        engine.runCount = max(engine.runCount, RunName.number(of: prepared.name) ?? engine.runCount)
        engine.evaluation = nil
        engine.isHeadTrained = true
        context.state.engine = engine
    }
}

extension Diagnostic {
    /// The same, saying besides what has become of the weights, where there are any.
    fileprivate func telling(_ weights: String?) -> Diagnostic {
        let told = weights.map { "\(message); \($0)" } ?? message
        return Diagnostic(code, told, at: span, about: setting, hint: hint)
    }
}
