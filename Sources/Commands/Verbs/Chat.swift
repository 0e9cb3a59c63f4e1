import Datasets
import Diagnostics
import Display
import Language
import Training

/// `chat`: a dialogue with the model, which the session keeps.
struct ChatCommand: Command {
    private let message = VerbParameter<[String]>(
        "text", "what to say, in quotes; reset alone forgets the dialogue", listOf: .text, default: []
    )
    .sentences()
    private let isNew = VerbParameter<Bool>("new", "begin a new dialogue", default: false)
    private let system = VerbParameter<String?>(
        "system", "what holds for a whole dialogue, which begins anew with it", .text
    ).otherwise("what the template has")
    private let prompt = VerbParameter<String?>(
        "prompt", "the template of the dialogue", .choice(Self.templates)
    ).also("template", "chat_template").otherwise("the model's own")
    private let generation = GenerationParameters()

    private static let templates = TemplateRegistry.all.map { Choice($0.name, $0.summary) }

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "chat", group: .judge, summary: "goes on with a dialogue",
            details: """
                What was said before stays in the session and is read again, until chat reset, new=yes or system='…' begins \
                anew, or another model is loaded. Without a message the dialogue so far is shown. An answer that was \
                interrupted is no part of it.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "chat \"Name a bird.\" prompt=chatml max_tokens=12",
                    "with a template, where the model has none of its own", after: "model nano-llama"),
                CommandExample(
                    "chat 'And another one.' prompt=chatml temperature=0.7 max_tokens=12", "goes on",
                    after: "model nano-llama\nchat 'Name a bird.' prompt=chatml max_tokens=12"),
                CommandExample("chat reset", "forgets it"),
            ], foreign: ForeignSettings.generation, isLong: true, uses: [.model, .data], changes: [.results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        guard arguments[message] != ["reset"] else {
            context.state.engine.dialogue = nil
            return Message("the dialogue is forgotten")
        }
        var turns = context.state.engine.dialogue ?? []
        if arguments[isNew] || arguments[system] != nil {
            turns = arguments[system].map { [Turn(.system, $0)] } ?? []
        }
        guard !arguments[message].isEmpty else { return try shown(turns, arguments, in: &context) }
        turns.append(Turn(.user, arguments[message].joined(separator: "\n\n")))
        let loaded = try GenerateCommand.writer(for: arguments.verb.text, in: context)
        try TextWriting.requireWriter(loaded.model)
        let encoder = try locating(arguments.span(of: prompt)) {
            try RequestEncoder(
                arguments[prompt].map { try TemplateRegistry.named($0) } ?? .ofModel,
                tokenizer: loaded.tokenizer)
        }
        let tokens = try locating(arguments.span(of: prompt)) { try encoder.tokens(of: turns) }
        let settings = try generation.settings(in: arguments, seed: context.state.settings.seed)
        let generator = try Generator(
            loaded.model, under: context.state.engine.method?.tuning, tokenizer: loaded.tokenizer,
            settings: settings, ends: encoder.ends.union(loaded.ends), workers: context.workers)
        let display = WritingDisplay(
            arguments.verb.text, [turns.suffix(1).map(Self.turn)], by: Turn.Role.assistant.rawValue, settings,
            notes: [], in: context)
        let writing: Writing
        do {
            writing = try generator.write([tokens], interruption: context.interruption) {
                display.note($0)
            }
        } catch is Interrupted where display.hasText {
            display.stop()
            throw Interrupted(isSaid: true)
        } catch {
            display.leave()
            throw Self.explained(error, turns)
        }
        let report = GenerationReport(
            [PromptRow(turns.last?.content ?? "")], writing, template: encoder.template.name,
            showsTimes: context.state.settings.showsTimes)
        turns.append(Turn(.assistant, writing.texts.first?.text ?? ""))
        context.state.engine.dialogue = turns
        return display.finish(remarks: [], facts: report.facts, notes: [], value: report.value)
    }

    /// The dialogue so far, where nothing more is said.
    private func shown(
        _ turns: [Turn], _ arguments: Arguments, in context: inout Context
    ) throws -> (any Displayable)? {
        guard !turns.isEmpty else {
            throw Diagnostic(
                "missing-value", "chat needs something to say", at: arguments.verb.span,
                hint: "write chat 'a message'")
        }
        context.state.engine.dialogue = turns
        var view = WritingView([WritingView.Entry(turns.map(Self.turn))])
        view.state = .finished
        view.value = .array(
            turns.map { .object(["role": .string($0.role.rawValue), "content": .string($0.content)]) })
        return view
    }

    private static func turn(_ turn: Turn) -> WritingView.Turn {
        WritingView.Turn(turn.content, by: turn.role.rawValue, isFaint: turn.role != .assistant)
    }

    /// What does not fit any more are the turns before, where there are some.
    private static func explained(_ error: any Error, _ turns: [Turn]) -> any Error {
        guard var problem = error as? Diagnostic, problem.code == "too-long",
            turns.contains(where: { $0.role == .assistant })
        else { return error }
        problem.hint = "write chat reset, which forgets what was said before"
        return problem
    }
}
