import Datasets
import Diagnostics
import Display
import Language
import Training

/// `perplexity`: how probable texts are to a model that writes.
struct PerplexityCommand: Command {
    private let part = VerbParameter.part(otherwise: "test, or validation where there is no test part")
    private let path = VerbParameter<String?>(
        "path", "a text file, judged as one text", .path(.file(["txt"]))
    )
    .otherwise("the loaded data")
    private let stride = VerbParameter<Int?>(
        "stride", "tokens from one window of a long text to the next; fewer judge each with more before it",
        1...1_000_000
    ).unit("tokens").otherwise("windows beside each other; with path= half a window")
    private let maxLength = VerbParameter.maxLength(
        "tokens of a window, or of a request and its answer",
        otherwise: "as before; with path= the model's context")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "perplexity", group: .judge,
            summary: "judges how probable texts are to the model, token by token",
            details: """
                exp of the mean of -log p over all tokens that are judged, whichever text they are of: the answers' where \
                data have answers, all but a text's first where texts themselves are learned. Shorter windows make it higher: \
                figures compare at equal windows alone.

                Of an encoder it is the pseudo-perplexity of Salazar et al. 2020: each word is masked by itself and foretold \
                from all others, which takes a pass for each word, and compares with no decoder's perplexity.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "perplexity", "of the test part's answers", isSelfContained: false),
                CommandExample(
                    "perplexity path=book.txt stride=64", "of a long text", isSelfContained: false),
            ], isLong: true, uses: [.data], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let judged: Judged
        let verb = arguments.verb.text
        if let path = arguments[path] {
            guard !arguments.isGiven(part) else {
                throw Diagnostic(
                    "unused-part", "a text file has no parts", at: arguments.span(of: part),
                    hint: "leave on= out")
            }
            judged = try ofFile(path, arguments, in: &context)
        } else {
            judged = try locating(arguments.span(of: part)) { try ofData(verb, arguments, in: &context) }
        }
        return EvaluationReport(
            result: judged.result, isUntrained: false, showsTimes: context.state.settings.showsTimes,
            method: context.state.engine.method?.shortSummary ?? "untuned", reading: judged.reading)
    }

    /// An evaluation, and how what it is of was cut: figures compare at equal windows alone.
    private struct Judged {
        let result: EvaluationResult
        let reading: String

        init(_ result: EvaluationResult, windows length: Int, apart stride: Int) {
            self.result = result
            let step = stride < length ? ", \(stride.grouped) from one to the next" : ""
            reading = "windows of \(length.grouped) tokens\(step)"
        }

        init(_ result: EvaluationResult, whole length: Int) {
            self.result = result
            reading = "each with what it answers, up to \(length.grouped) tokens"
        }
    }

    private func ofFile(
        _ path: String, _ arguments: Arguments, in context: inout Context
    ) throws -> Judged {
        let loaded = try context.readyModel(for: arguments.verb.text)
        let engine = context.state.engine
        let dataset = try locating(arguments.span(of: self.path)) {
            try context.loading { try DatasetRegistry.wholeText(at: path, in: $0) }
        }
        let length = arguments[maxLength] ?? loaded.model.room(under: engine.method?.tuning)
        try locating(arguments.span(of: maxLength)) {
            try TaskRequest.require(length, of: loaded.name, loaded.model, under: engine.method?.tuning)
        }
        if let task = try pseudo(arguments, of: loaded, by: engine, length: length) {
            let result = try EvaluateCommand.judge(dataset, .test, by: task, of: engine, in: context)
            return Judged(result, windows: task.maxLength, apart: task.maxLength)
        }
        let step = try checkedStride(arguments, within: length) ?? max(1, length / 2)
        let task = try TextModelling(
            model: loaded.model, tokenizer: loaded.tokenizer, maxLength: length, stride: step, hasEnd: false)
        let result = try EvaluateCommand.judge(dataset, .test, by: task, of: engine, in: context)
        return Judged(result, windows: length, apart: step)
    }

    private func ofData(
        _ verb: String, _ arguments: Arguments, in context: inout Context
    ) throws -> Judged {
        let data = try context.state.engine.requiredData(for: verb)
        let wanted = arguments[part].flatMap(Split.init(rawValue:))
        guard [.answers, .dialogues, .texts].contains(data.dataset.shape) else {
            throw Diagnostic(
                "no-texts", "perplexity is of texts that are written, and these data have none",
                hint: "write evaluate, or label=none in load for the texts themselves")
        }
        if data.dataset.shape == .texts {
            let loaded = try context.readyModel(for: verb)
            let own = context.state.engine
            let length = arguments[maxLength] ?? own.maxLength ?? MaskedModelling.declaration.usualLength
            if let task = try pseudo(arguments, of: loaded, by: own, length: length) {
                let result = try EvaluateCommand.judge(
                    data.dataset, data.part(named: wanted), by: task, of: own, in: context)
                context.state.engine.evaluation = result
                return Judged(result, windows: task.maxLength, apart: task.maxLength)
            }
        }
        guard arguments.isGiven(stride) else {
            let result = try EvaluateCommand.evaluate(
                wanted, maxLength: arguments[maxLength], for: verb, in: &context)
            let length = arguments[maxLength] ?? context.state.engine.task?.maxLength ?? 0
            return data.dataset.shape == .texts
                ? Judged(result, windows: length, apart: length) : Judged(result, whole: length)
        }
        guard data.dataset.shape == .texts else {
            throw Diagnostic(
                "unused-stride", "stride= is of texts that are read in windows, and an answer is read whole",
                at: arguments.span(of: stride), hint: "leave it out")
        }
        let loaded = try context.readyModel(for: verb)
        var engine = context.state.engine
        let usual = try engine.judgingTask(
            for: verb, maxLength: arguments[maxLength], seed: UInt64(context.state.settings.seed))
        let task = try TextModelling(
            model: loaded.model, tokenizer: loaded.tokenizer, maxLength: usual.maxLength,
            stride: try checkedStride(arguments, within: usual.maxLength))
        let result = try EvaluateCommand.judge(
            data.dataset, data.part(named: wanted), by: task, of: engine, in: context)
        engine.evaluation = result
        context.state.engine = engine
        let length = usual.maxLength
        return Judged(result, windows: length, apart: arguments[stride] ?? length)
    }

    /// The task of an encoder; nil for a model that writes.
    private func pseudo(
        _ arguments: Arguments, of loaded: LoadedModel, by engine: EngineState, length: Int
    ) throws -> (any LearningTask)? {
        guard !loaded.model.isCausal else { return nil }
        guard !arguments.isGiven(stride) else {
            throw Diagnostic(
                "unused-stride",
                "stride= is of a model that writes, and an encoder sees all words of a window at once",
                at: arguments.span(of: stride), hint: "leave it out")
        }
        try locating(arguments.span(of: maxLength)) {
            guard arguments.isGiven(maxLength) else { return }
            try TaskRequest.require(length, of: loaded.name, loaded.model, under: engine.method?.tuning)
        }
        return try MaskedModelling(
            model: loaded.model, tokenizer: loaded.tokenizer, masking: Masking(),
            maxLength: min(length, loaded.model.room(under: engine.method?.tuning)),
            head: engine.maskFiller(loaded).maskedHead, seed: 0, each: true)
    }

    private func checkedStride(_ arguments: Arguments, within length: Int) throws -> Int? {
        guard let asked = arguments[stride] else { return nil }
        guard asked <= length else {
            throw Diagnostic(
                "bad-stride", "stride=\(asked) leaves tokens out between windows of \(length)",
                at: arguments.span(of: stride), hint: "write stride=\(length) or less")
        }
        return asked
    }
}
