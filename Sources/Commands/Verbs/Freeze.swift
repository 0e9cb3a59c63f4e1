import Diagnostics
import Display
import Language
import Training

/// `freeze` and `unfreeze`: which tensors learn no more, and which do from now on.
package struct FreezeCommand: Command {
    private let freezes: Bool
    private let what = VerbParameter<[String]>(
        "what", "parts, layers by name, blocks such as last:2 or 0-5, patterns with *",
        listOf: .name(.part, isOpen: true), default: ["all"]
    ).rest()
    private let layers = VerbParameter<[String]?>(
        "layers", "only in these blocks: last:6, first:2, 0-5 or 1,3,5", listOf: .text
    ).otherwise("wherever they are")

    package init(freezes: Bool) { self.freezes = freezes }

    package var declaration: CommandDeclaration { freezes ? freezing : unfreezing }

    private var freezing: CommandDeclaration {
        CommandDeclaration(
            "freeze", group: .model, summary: "lets some of what is trained learn no more",
            details: """
                What was trained stays as it has become. Without a method before it everything is trained but \
                what it names, as after full. The classifier is always trained.
                """,
            parameters: parameters,
            examples: [
                CommandExample("freeze embeddings", "all but the tables learns", after: "model nano"),
                CommandExample("freeze first:1,norms", "a block and every norm", after: "model nano\nfull"),
                CommandExample(
                    "freeze '*.attention.*' layers=0", "by a pattern, in one block",
                    after: "model nano\nfull"),
            ], changes: [.model])
    }

    private var unfreezing: CommandDeclaration {
        CommandDeclaration(
            "unfreeze", group: .model, summary: "lets some of what is frozen learn too",
            details: """
                It joins what the method trains, an adapter for instance. Without a method before it nothing else \
                is trained, as after head. The classifier is always trained.
                """,
            parameters: parameters,
            examples: [
                CommandExample("unfreeze last:1", "the last block joins the classifier", after: "model nano"),
                CommandExample("unfreeze norms", "beside an adapter", after: "model nano\nlora r=4"),
            ], changes: [.model])
    }

    private var parameters: [ParameterDeclaration] { [what.declaration, layers.declaration] }

    package func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try context.readyModel(for: arguments.verb.text)
        var engine = context.state.engine
        let seed = UInt64(context.state.settings.seed)
        let words = arguments[what] == ["all"] ? [] : arguments[what]
        if let layers = arguments[layers] {
            try locating(arguments.span(of: self.layers)) {
                _ = try LayerSelection(parsing: layers.joined(separator: ","))
            }
        }
        let selection = WeightSelection(words, layers: (arguments[layers] ?? []).joined(separator: ","))
        do {
            let attached =
                try engine.method
                ?? AttachedMethod(
                    freezes ? FullMethod() : HeadMethod(), to: loaded, seed: seed, isYetToChange: true)
            let isTrained = engine.run != nil || attached.origin.folder != nil
            let change = WeightChange(freezes: freezes, selection, keeps: isTrained)
            engine.method = try attached.changed(by: change, of: loaded.model)
        } catch let problem as Diagnostic {
            throw problem.located(at: problem.setting.map(arguments.span(of:)) ?? arguments.verb.span)
        }
        context.state.engine = engine
        return ParameterCount(of: engine)?.summary(method: engine.method?.summary ?? "")
    }
}
