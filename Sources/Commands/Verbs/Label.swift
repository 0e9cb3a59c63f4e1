import Datasets
import Diagnostics
import Display
import Interchange
import Language
import Learning
import System
import Training

/// `label`: has a language model say which class texts are of, for a smaller model to learn from.
struct LabelCommand: Command {
    private let labeller = VerbParameter<String?>(
        "with", "the language model that labels", .name(.model, isOpen: true)
    ).otherwise("the model in use, with what is tuned of it")
    private let prompt = VerbParameter<String?>(
        "prompt", "the template that asks", .choice(TemplateRegistry.all.map { Choice($0.name, $0.summary) })
    ).also("template").otherwise("the data's, where they were loaded with one; else alpaca")
    private let instruction = VerbParameter<String?>("instruction", "what is asked of each text", .text)
        .otherwise("the data's, else to choose one of the classes")
    private let part = VerbParameter<String?>("on", "which part alone", .choice(splitChoices)).also("split")
        .otherwise("train and validation, so that the test part has the classes that are known")
    private let maxTokens = VerbParameter<Int>(
        "max_tokens", "tokens of an answer, at most", 1...1000, default: 16
    )
    .also("max_new_tokens").unit("tokens")
    private let target = VerbParameter<String?>(
        "to", "a .csv file to write: text, label, gold, answer", .path(.file(["csv"])))
    private let seed = VerbParameter.seed("of the random weights of nano models")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "label", group: .judge, summary: "has a language model say which class texts are of",
            details: """
                The model answers the prompt for each text, with the likeliest words. A text whose answer names one class \
                gets it; what names none, or several, is dropped and counted. Where classes were known they are what the \
                model is compared with, and stand in the column gold from then on. What follows (train, evaluate) works \
                with the new classes; load brings back the old ones. This is the first half of LlamBERT: label with a large \
                model, train a small one, evaluate it on what people have labelled.

                A run over such data is gone on with in this session alone: write to=labels.csv, and load that, where it \
                is to last.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "label on=test max_tokens=4", "by the model in use, beside the classes that are known",
                    after: "model nano-llama\nload toy train=400 test=60 prompt=plain\nfull\n"
                        + "train epochs=20 lr=1e-3"),
                CommandExample(
                    "label with=smollm2 instruction='Is this review positive or negative?' to=labels.csv",
                    "LlamBERT's first half: by a larger model, and kept", isSelfContained: false),
            ], isLong: true, uses: [.model], changes: [.data, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let verb = arguments.verb.text
        let data = try context.state.engine.requiredData(for: verb)
        let labels = data.dataset.labels
        guard labels.count > 1 else {
            throw Diagnostic(
                "no-classes",
                "\(verb) gives texts one of the data's classes, and \(data.dataset.name) has none",
                hint: "label=COLUMN in load names the column whose values are the classes")
        }
        let parts = try asked(arguments, of: data.dataset)
        let output = try arguments[target].map { path in
            try locating(arguments.span(of: target)) {
                try TargetFile.checked(
                    path, endings: ["csv"], sources: [data.request?.path].compactMap(\.self))
            }
        }
        let loaded = try labeller(arguments, in: context)
        let template =
            try arguments[prompt].map { try TemplateRegistry.named($0) } ?? data.template ?? .alpaca
        let encoder = try locating(arguments.span(of: prompt)) {
            try RequestEncoder(template, tokenizer: loaded.model.tokenizer)
        }
        var settings = GenerationSettings()
        settings.maxTokens = arguments[maxTokens]
        let generator = try locating(arguments.span(of: labeller)) {
            try Generator(
                loaded.model.model, under: loaded.tuning, tokenizer: loaded.model.tokenizer,
                settings: settings, ends: encoder.ends.union(loaded.model.ends), workers: context.workers)
        }
        let asks =
            arguments[instruction] ?? data.instruction ?? PromptTemplate.instruction(labels: labels)
        var labelling = Labelling(labels: labels)
        let total = parts.reduce(0) { $0 + data.dataset[$1].count }
        let progress = Progress(verb, total: total, unit: "text", in: context)
        do {
            for part in parts {
                let examples = data.dataset[part]
                let done = labelling.asked
                var ended = 0
                let writing = try generator.write(
                    examples.map { encoder.tokens(instruction: asks, input: Self.text(of: $0)) },
                    interruption: context.interruption
                ) { told in
                    ended += told.ending == nil ? 0 : 1
                    progress.note(done: done + ended, total: total)
                }
                labelling.add(writing.texts.map(\.text), to: examples, in: part)
            }
            try context.interruption.check()
        } catch {
            progress.finishIfShown(.stopped)
            throw error
        }
        progress.finishIfShown(.finished)
        let name = arguments[labeller] ?? context.state.engine.model?.name ?? ""
        let report = LabellingReport(
            labelling, of: data.dataset, by: name, prompt: encoder.template.name, to: output)
        guard labelling.labelled > 0 else { throw report.nothing(at: arguments.verb.span) }
        if let output {
            try locating(arguments.span(of: target)) {
                try AtomicFile.write(Array(report.csv.utf8), to: output)
            }
        }
        var made = data
        made.dataset = labelling.applied(to: data.dataset)
        made.dataset.remarks.append(Remark(report.remark))
        context.state.engine.adopt(made)
        return report
    }

    /// Both of a pair, one after the other, as prompted answers read them.
    private static func text(of example: Example) -> String {
        example.pair.map { "\(example.text)\n\($0)" } ?? example.text
    }

    private func asked(_ arguments: Arguments, of dataset: Dataset) throws -> [Split] {
        let wanted = arguments[part].flatMap(Split.init(rawValue:)).map { [$0] } ?? [.train, .validation]
        let parts = wanted.filter { !dataset[$0].isEmpty }
        guard !parts.isEmpty else {
            throw Diagnostic(
                "no-examples", "there are no texts in the \(wanted[0].rawValue) part",
                at: arguments.span(of: part), hint: "describe shows what there is")
        }
        return parts
    }

    /// The model that labels, and what is tuned of it.
    ///
    /// - Throws: `no-model`, what loading brings up.
    private func labeller(
        _ arguments: Arguments, in context: Context
    ) throws -> (model: LoadedModel, tuning: Tuning?) {
        try locating(arguments.span(of: labeller)) {
            guard let name = arguments[labeller] else {
                return (
                    try GenerateCommand.writer(for: arguments.verb.text, in: context),
                    context.state.engine.method?.tuning
                )
            }
            let seed = UInt64(arguments[seed] ?? context.state.settings.seed)
            let request = ModelRequest(name: name, precision: nil, pooling: nil, seed: seed)
            return (try context.loading { try ModelCatalog.load(request, in: $0) }, nil)
        }
    }
}
