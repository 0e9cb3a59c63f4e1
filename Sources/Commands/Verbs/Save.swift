import Diagnostics
import Display
import Interchange
import Language
import System
import Training

/// `save`: the tuned adapter, or the tuned model, as files for others.
struct SaveCommand: Command {
    private let path = VerbParameter<String>(required: "path", "the folder to write", .path(.folder))
        .positional()
    private let base = VerbParameter<String?>(
        "base", "the base model's name or path, as others are to find it", .text
    ).also("base_model_name_or_path").otherwise("the name or path it was loaded by")

    /// The methods that are saved beside their base.
    private static let adapters = MethodRegistry.all.filter { $0.peft != nil }.map { $0.declaration.name }
        .joined(separator: " or ")

    /// Those that are saved in a format of our own, and its files.
    private static let others = MethodRegistry.all.compactMap { method in
        method.blockFormat.map {
            "After \(method.declaration.name): \($0.fileName), in \($0.program)'s words, and \($0.weightsName)."
        }
    }.joined(separator: " ")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "save", group: .share, summary: "writes the tuned adapter, as PEFT does, or the tuned model",
            details: """
                After \(Self.adapters): adapter_config.json and adapter_model.safetensors, the classifier included. \
                \(Self.others) After full: config.json, model.safetensors and the tokenizer. lorikeet.json beside them holds what open needs. \
                The files are read back and logits compared before an earlier folder is replaced.
                """,
            parameters: parameters,
            examples: [
                CommandExample("save adapter/", "into a folder here", isSelfContained: false),
                CommandExample(
                    "save path=~/adapters/spam base=bert-base-uncased", "with the base model's public name",
                    isSelfContained: false),
            ], uses: [.model, .data])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let engine = context.state.engine
        let loaded = try engine.requiredModel(for: arguments.verb.text)
        guard let method = engine.method else {
            throw Diagnostic(
                "nothing-to-save", "\(loaded.name) has not been tuned: there is nothing to save",
                hint: "write lora and train before it")
        }
        guard arguments[base] != "" else {
            throw Diagnostic(
                "bad-value", "base cannot be empty: others could not find the model",
                at: arguments.span(of: base),
                hint: "leave it out for the name or path it was loaded by")
        }
        let tuned = try TunedModel(loaded, method, of: engine, base: arguments[base])
        let folder = expandingHome(arguments[path])
        try context.interruption.check()
        let isUntrained = engine.data != nil && engine.hasUntrainedHead
        let head = engine.task?.fillsMasks == true ? "head that fills masks in" : "classifier"
        return try locating(arguments.span(of: path)) {
            try tuned.save(to: folder).report(
                at: folder,
                remarks: isUntrained ? ["the \(head) has not been trained and is left out"] : [])
        }
    }
}
