import Datasets
import Diagnostics
import Display
import Foundation
import Language
import System
import Training

/// `generate`: has the model write.
struct GenerateCommand: Command {
    private let prompts = VerbParameter<[String]>(
        "text", "what to go on from, in quotes", listOf: .text, default: []
    )
    .sentences()
    private let generation = GenerationParameters()
    private let filling = FillingParameters()
    private let samples = VerbParameter<Int>("n", "texts after each prompt", 1...64, default: 1)
        .also("num_return_sequences")
    private let prompt = VerbParameter<String?>(
        "prompt", "the template that the words are put into", .choice(Self.templates)
    ).also("template").otherwise("the data's, where they were loaded with one; else none")
    private let input = VerbParameter<String?>("input", "what an instruction is about, for a template", .text)
    private let file = VerbParameter<String?>(
        "file", "a file with a prompt a row: text, or a table with a column prompt", .path(.table))
    private let target = VerbParameter<String?>(
        "to", "a .csv or .jsonl file to write: prompt, answer, why it ended",
        .path(.file(TextsFile.endings)))

    private static let templates =
        TemplateRegistry.all.map { Choice($0.name, $0.summary) }
        + [Choice(PromptReading.none, "the words as they stand")]

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "generate", aliases: ["complete"], group: .judge, summary: "writes text after a prompt",
            details: """
                Each token is the likeliest one, unless temperature, top_k, top_p or min_p say how to draw; these are \
                Transformers' filters, in its order. A text ends where the model ends it, before a stop string, after \
                max_tokens, or where the model's context is full, and which it was is said.

                What was tuned with a prompt is asked with it: where the data were loaded with prompt=, the words go \
                into that template (prompt=none has them as they stand). What is drawn depends on the seed, the place of \
                the prompt and n, and not on what is written beside it.

                An encoder such as BERT was not made to write: max_tokens masks stand after the prompt and are filled in one \
                by one, each beside what stands on both sides of it, by the same filters. That is slow, and seldom gives a \
                good text. It takes a head that fills masks in, which train makes over texts alone (label=none in load).

                What to= writes appears whole or not at all, and an earlier file of that name is replaced, but never the \
                one that the prompts come from.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "generate \"the soup was\" max_tokens=12", "the likeliest words",
                    after: "model nano-llama"),
                CommandExample(
                    "generate 'the train' 'the song' temperature=0.8 top_p=0.9 n=2 max_tokens=8",
                    "two texts after each prompt, drawn", after: "model nano-llama"),
                CommandExample(
                    "generate 'Name three birds.' prompt=alpaca stop=### max_tokens=16",
                    "an instruction in a template, to the next heading", after: "model nano-llama"),
                CommandExample(
                    "generate 'the soup' order=likeliest rounds=1 max_tokens=6",
                    "an encoder, which fills masks in", after: "model nano"),
                CommandExample(
                    "generate file=prompts.csv to=answers.jsonl max_tokens=8", "many, into a file",
                    isSelfContained: false),
            ], foreign: ForeignSettings.generation, isLong: true, uses: [.model, .data])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try Self.writer(for: arguments.verb.text, in: context)
        let reading = try locating(arguments.span(of: prompt)) {
            try PromptReading(
                arguments[prompt], data: context.state.engine.data, for: loaded.tokenizer)
        }
        guard arguments[input] == nil || reading.takesInput else {
            throw Diagnostic(
                "unused-key", "input= has a place in a template, and there is none for it here",
                at: arguments.span(of: input), hint: "write prompt=alpaca beside it, or leave it out")
        }
        let (rows, notes) = try asked(arguments, in: context)
        let output = try arguments[target].map { path in
            try locating(arguments.span(of: target)) {
                try TextsFile(path, sources: [arguments[file]].compactMap(\.self))
            }
        }
        var settings = try generation.settings(in: arguments, seed: context.state.settings.seed)
        settings.samples = arguments[samples]
        guard settings.samples == 1 || settings.sampling != nil else {
            throw Diagnostic(
                "bad-value", "\(settings.samples) texts of the likeliest tokens would be one and the same",
                at: arguments.span(of: samples), hint: "write temperature=0.8 beside n, or leave n out")
        }
        let (writer, filled) = try self.writer(loaded, settings, reading, arguments, in: context)
        let said =
            notes + [filled?.remark(on: loaded.name, masks: settings.maxTokens)].compactMap(\.self)
            + reading.remarks(hasInputs: rows.contains { !$0.input.isEmpty })
        let openings = rows.flatMap { row in
            Array(repeating: [reading.turn(of: row)], count: settings.samples)
        }
        let display = WritingDisplay(
            arguments.verb.text, openings, by: reading.isPlain ? nil : "answer", settings, notes: said,
            in: context)
        let report: GenerationReport
        do {
            let writing = try writer.write(
                rows.map { reading.tokens(of: $0, by: writer) }, interruption: context.interruption
            ) { display.note($0) }
            report = GenerationReport(
                rows, writing, template: reading.templateName, filled: filled,
                showsTimes: context.state.settings.showsTimes)
            if let output {
                try context.interruption.check()
                try locating(arguments.span(of: target)) { try output.write(report) }
            }
        } catch is Interrupted where display.hasText {
            display.stop()
            throw Interrupted(isSaid: true)
        } catch {
            display.leave()
            throw error
        }
        let written =
            output.map { ["\(counted(report.count, "text")) written to \($0.path.forMessages)"] } ?? []
        return display.finish(
            remarks: report.texts.map(report.remark), facts: report.facts, notes: written, value: report.value
        )
    }

    /// The model at hand, which must be one that writes.
    static func writer(for verb: String, in context: Context) throws -> LoadedModel {
        guard let loaded = context.state.engine.model else {
            throw Diagnostic(
                "no-model", "\(verb) needs a model that writes, and none is loaded",
                hint: "write model smollm2 before it")
        }
        return loaded
    }

    /// What writes: from left to right, or by filling masks in where the model is an encoder.
    private func writer(
        _ loaded: LoadedModel, _ settings: GenerationSettings, _ reading: PromptReading,
        _ arguments: Arguments, in context: Context
    ) throws -> (any TextWriter, FillingSettings?) {
        let engine = context.state.engine
        let (tuning, workers) = (engine.method?.tuning, context.workers)
        guard loaded.model.isCausal else {
            let filling = self.filling.settings(in: arguments)
            let writer = try MaskWriter(
                engine.maskFiller(loaded), under: tuning, tokenizer: loaded.tokenizer, settings: settings,
                filling: filling, workers: workers)
            return (writer, filling)
        }
        try filling.refuse(in: arguments)
        let generator = try Generator(
            loaded.model, under: tuning, tokenizer: loaded.tokenizer, settings: settings,
            ends: reading.ends.union(loaded.ends), workers: workers)
        return (generator, nil)
    }

    private func asked(
        _ arguments: Arguments, in context: Context
    ) throws -> (rows: [PromptRow], notes: [String]) {
        if let path = arguments[file] {
            guard arguments[prompts].isEmpty, arguments[input] == nil else {
                throw Diagnostic(
                    "two-values", "prompts come from a file or stand here, not both",
                    at: arguments.span(of: file), hint: "leave one of them out")
            }
            return try locating(arguments.span(of: file)) {
                try context.loading { try DatasetRegistry.prompts(at: expandingHome(path), in: $0) }
            }
        }
        guard !arguments[prompts].isEmpty else {
            throw Diagnostic(
                "missing-value", "generate needs a prompt", at: arguments.verb.span,
                hint: "write generate 'a beginning', or generate file=FILE")
        }
        return (arguments[prompts].map { PromptRow($0, input: arguments[input] ?? "") }, [])
    }
}
