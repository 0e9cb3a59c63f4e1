import Datasets
import Diagnostics
import Display
import Interchange
import Language
import Training

/// `export`: the model, or its adapter, as one file for another program.
struct ExportCommand: Command {
    private let format = VerbParameter<String>(
        required: "format", "for which program",
        .choice([Choice("gguf", "one file for llama.cpp and what stands on it")])
    ).positional()
    private let target = VerbParameter<String>(
        required: "to", "the .gguf file to write", .path(.file(["gguf"]))
    ).also("outfile")
    private let type = VerbParameter<String?>(
        "type", "how numbers are stored",
        .choice(GGUFType.allCases.map { Choice($0.rawValue, $0.doc) })
    ).also("outtype").otherwise("f16, f32 for an adapter")
    private let adapter = VerbParameter<Bool>(
        "adapter", "whether the LoRA alone is written, to go on its base", default: false)

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "export", group: .share, summary: "writes the model, or its LoRA, as a GGUF file for llama.cpp",
            details: """
                What is attached is merged into the weights; the tokenizer and the chat template are inside. LLaMA and \
                GPT-2 families. The file is read back, and its tensors, tokens, logits and a greedy answer compared, \
                before it appears under its name.
                """,
            parameters: parameters,
            examples: [
                CommandExample("export gguf to=tuned.gguf type=q8_0", "eight bits", isSelfContained: false),
                CommandExample(
                    "export gguf to=spam.gguf adapter=yes", "the LoRA alone", isSelfContained: false),
            ], uses: [.model, .data])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let engine = context.state.engine
        let loaded = try GenerateCommand.writer(for: arguments.verb.text, in: context)
        try requireNoClassifier(engine, arguments)
        let path = try locating(arguments.span(of: target)) {
            try TargetFile.checked(arguments[target], endings: ["gguf"], sources: [])
        }
        let chosen = arguments[type].flatMap(GGUFType.init(rawValue:))
        let progress = Progress("export", total: 0, unit: "tensor", in: context)
        let interruption = context.interruption
        let note: GGUFModel.Note = { done, total in
            try interruption.check()
            progress.note(done: done, total: total)
        }
        do {
            let written = try locating(arguments.span(of: target)) {
                try arguments[adapter]
                    ? exportedAdapter(engine, loaded).write(to: path, as: chosen ?? .f32, note: note)
                    : exportedModel(engine, loaded).write(to: path, as: chosen ?? .f16, note: note)
            }
            progress.finishIfShown(.finished)
            return written.report(at: path)
        } catch {
            progress.finishIfShown(.stopped)
            throw error
        }
    }

    private func exportedModel(_ engine: EngineState, _ loaded: LoadedModel) throws -> GGUFModel {
        GGUFModel(
            loaded, engine.method?.tuning, template: engine.method == nil ? nil : engine.data?.template,
            rows: try rows(engine), texts: examples(engine).map(\.text))
    }

    private func exportedAdapter(_ engine: EngineState, _ loaded: LoadedModel) throws -> GGUFAdapter {
        guard let method = engine.method else {
            throw Diagnostic(
                "nothing-to-save", "\(loaded.name) has no adapter", hint: "write lora and train before it")
        }
        return GGUFAdapter(loaded, method.tuning, base: loaded.name, rows: try rows(engine))
    }

    private func examples(_ engine: EngineState) -> ArraySlice<Example> {
        (engine.data?.dataset.test ?? []).prefix(4)
    }

    /// Texts of the data as the model reads them.
    private func rows(_ engine: EngineState) throws -> [Row] {
        guard let task = engine.task, task.head == nil else { return [] }
        return try examples(engine).flatMap { try task.encoder.encode($0, nil).rows }
    }

    /// What a classifier has learned is in no GGUF file, and without it the rest has learned for nothing.
    private func requireNoClassifier(_ engine: EngineState, _ arguments: Arguments) throws {
        guard engine.isHeadTrained, engine.task?.head != nil else { return }
        throw Diagnostic(
            "not-in-gguf", "this model's classifier was trained, and llama.cpp has no place for one",
            at: arguments.span(of: format),
            hint: "save and merge write what Transformers loads")
    }
}

extension GGUFWritten {
    /// What was written, as facts to look at.
    fileprivate func report(at path: String) -> any Displayable {
        let same = comparison.agreeing == comparison.answered
        return KeyValue(
            [
                .init("written", .text(kind)), .init("path", .text(path)),
                .init("type", .text(type.rawValue)), .init("bytes", .integer(byteCount)),
                .init(
                    "largest difference", .number(Double(comparison.difference.largest)),
                    key: "largest_difference",
                    style: comparison.difference.largest == 0 ? .automatic : .scientific(1)),
                .init(
                    "share of the spread", .number(Double(comparison.share)), key: "share",
                    style: comparison.share == 0 ? .automatic : .scientific(1)),
                .init(
                    "the format's error", .number(tensorShare), key: "format_error",
                    style: tensorShare == 0 ? .automatic : .scientific(1)),
                .init(
                    "greedy answer",
                    .text(
                        same
                            ? "the same \(comparison.answered) tokens"
                            : "the same \(comparison.agreeing) of \(comparison.answered) tokens, then others"),
                    key: "greedy"),
            ],
            notes: [
                "read back from disk: every tensor compared, and logits of \(comparison.rows) rows"
            ] + remarks)
    }
}
