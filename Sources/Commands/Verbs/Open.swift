import Datasets
import Diagnostics
import Display
import Fetching
import Foundation
import Interchange
import Language
import Learning
import System
import Training

/// `open`: goes on with an adapter or a model that `save`, `merge` or PEFT wrote.
struct OpenCommand: Command {
    private let path = VerbParameter<String>(required: "path", "the folder to read", .path(.folder))
        .positional()
    private let ignore = VerbParameter<[String]?>(
        "ignore", "keys of its files to go on without, though results may then differ", listOf: .text
    ).otherwise("none: a key that is not known or not supported is refused")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "open", group: .share, summary: "reads an adapter of save's or PEFT's, or a saved model",
            details: """
                An adapter goes on the loaded model, its own base model; every tensor's shape is checked first. \
                A folder with a whole model is loaded with its classifier.
                """,
            parameters: parameters,
            examples: [
                CommandExample("open adapter/", "on the loaded model", isSelfContained: false),
                CommandExample(
                    "open adapter/ ignore=use_qalora", "as if its file did not say so", isSelfContained: false
                ),
            ], changes: [.model, .data, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let folder = expandingHome(arguments[path])
        let seed = context.state.settings.seed
        var engine = context.state.engine
        let ignored = Set(arguments[ignore] ?? [])
        let shown = try locating(arguments.span(of: path)) {
            let (loaded, opened) = try context.loading {
                try Self.read(
                    folder, ignoring: ignored, engine: engine, seed: UInt64(seed), in: $0,
                    for: arguments.verb.text)
            }
            return try Self.adopt(
                opened, on: loaded, from: folder, ignoring: ignored, seed: UInt64(seed), by: &engine)
        }
        context.state.engine = engine
        return shown
    }

    private static func read(
        _ folder: String, ignoring ignored: Set<String>, engine: EngineState, seed: UInt64,
        in loading: FetchContext, for verb: String
    ) throws -> (LoadedModel, any OpenedTuning) {
        guard FileManager.default.fileExists(atPath: folder) else {
            throw Diagnostic("no-file", "there is no folder \(folder)")
        }
        if OpenedModel.isModel(folder) {
            let loaded = try ModelCatalog.load(
                ModelRequest(
                    name: folder, precision: nil, pooling: nil, seed: seed, ignoring: ignored,
                    takesHead: true), in: loading)
            let opened = try OpenedModel(folder: folder, for: loaded.model, ignoring: ignored)
            return (loaded.with(seen: opened.notes?.seen ?? .unknown), opened)
        }
        guard let loaded = engine.model else {
            let notes = try SharingNotes(in: folder, ignoring: ignored)
            let base = (notes?.model ?? "NAME") + (notes?.blocks.map { " blocks=\($0)" } ?? "")
            throw Diagnostic(
                "no-model", "\(verb) puts an adapter on its base model, and none is loaded",
                hint: "write model \(base) before it")
        }
        return (loaded, try AdapterFolder.open(folder, for: loaded.model, ignoring: ignored))
    }

    /// Makes the task first, so that nothing has changed when head and data don't fit.
    private static func adopt(
        _ opened: any OpenedTuning, on loaded: LoadedModel, from folder: String,
        ignoring ignored: Set<String>,
        seed: UInt64, by engine: inout EngineState
    ) throws -> any Displayable {
        let notes = opened.notes
        let pooling = notes?.pooling ?? (opened.head == nil ? loaded.pooling : loaded.model.defaultPooling)
        let pooled = loaded.with(pooling: pooling, headNorm: opened.head.map { $0.normKind })
        let length = notes?.maxLength.map { min($0, loaded.model.config.context) }
        let former = engine.data?.dataset.labels ?? []
        let data = try reading(engine.data, as: notes, for: opened.head, from: folder)
        let attached = try AttachedMethod(
            opened, to: loaded, seed: seed, head: opened.anyHead, folder: folder, ignoring: ignored)
        let task = try data.map {
            try TaskRegistry.task(
                for: TaskRequest(pooled, $0, maxLength: length, under: attached.tuning, seed: seed))
        }
        let isHeadTrained = try task.flatMap { try opened.anyHead?.fill($0) } ?? false
        engine.adopt(pooled)
        // Before the method: its classifier is asked whether it fits them as it has them.
        engine.data = data
        engine.adopt(attached)
        engine.seen.add(notes?.seen ?? .unknown)
        engine.maxLength = length ?? engine.maxLength
        (engine.task, engine.isHeadTrained) = (task, isHeadTrained)
        let unread = task?.unreadNames(of: loaded.model, under: attached.tuning) ?? []
        let trained = attached.parameters.filter { !unread.contains($0.name) }
        return report(
            opened, attached.summary, trained.reduce(0) { $0 + $1.count }, pooled, folder,
            said: remarks(of: opened, on: former, now: data))
    }

    /// The data as the notes say that it is read; a stand-in with what is answered alone when there is none.
    private static func reading(
        _ data: LoadedData?, as notes: SharingNotes?, for head: SavedHead?, from folder: String
    ) throws -> LoadedData? {
        let template = try notes?.template.map { try TemplateRegistry.named($0) }
        let labels = head?.names ?? []
        let known = labels.isEmpty ? notes?.labels ?? [] : labels
        guard var data else {
            let givesNumber = head?.givesNumber == true
            guard known.count > 1 || givesNumber else { return nil }
            var dataset = Dataset(name: "", columns: [], labels: known, source: folder)
            if givesNumber { dataset.roles[.value] = ColumnRole.value.rawValue }
            return LoadedData(dataset: dataset, template: template, instruction: notes?.instruction)
        }
        data.dataset = data.dataset.arranged(as: known) ?? data.dataset
        // Notes that know no task leave the data read as they are.
        if notes?.template != nil || notes?.pooling != nil {
            data.template = template
            data.instruction = notes?.instruction ?? data.instruction
        }
        return data
    }

    /// How the classes of data that were there meet those of an opened classifier.
    private static func remarks(
        of opened: any OpenedTuning, on former: [String], now data: LoadedData?
    ) -> [String] {
        guard let head = opened.head, !head.givesNumber, let labels = data?.dataset.labels, !former.isEmpty,
            data?.template == nil
        else { return [] }
        let remark =
            head.labels.isEmpty ? ClassMatch.unnamed(as: labels) : ClassMatch.remark(former, as: labels)
        return [remark].compactMap(\.self)
    }

    private static func report(
        _ opened: any OpenedTuning, _ summary: String, _ trainable: Int, _ loaded: LoadedModel,
        _ folder: String, said remarks: [String]
    ) -> any Displayable {
        var entries: [KeyValue.Entry] = [
            .init("opened", .text(summary)), .init("path", .text(folder)),
            .init("model", .text(loaded.name)), .init("trainable", .integer(trainable)),
        ]
        var notes = loaded.notes
        if let head = opened.head {
            let names = head.labels.isEmpty ? "\(head.classes)" : head.labels.joined(separator: ", ")
            entries.append(
                head.givesNumber ? .init("answers", "a number") : .init("classes", .text(names)))
            entries.append(.init("pooling", .text(loaded.pooling.rawValue)))
        }
        if opened.maskedHead != nil { entries.append(.init("head", .text("fills masks in"))) }
        if let template = opened.notes?.template { entries.append(.init("prompt", .text(template))) }
        notes += opened.remarks + remarks
        return KeyValue(entries, notes: notes)
    }
}
