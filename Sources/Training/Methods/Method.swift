import Learning
import Models

/// A way to tune a model, declared as data: its settings in, a tuning of a base out.
///
/// A new one is a file of its own and a line in `MethodRegistry.swift`; its verb, help and completion are made
/// of the declaration.
package protocol Method: TuningSource {
    static var declaration: MethodDeclaration { get }
    /// How PEFT's files hold it; nil for a method that PEFT has not.
    static var peft: (any PEFTFormat.Type)? { get }
    /// How a folder of our own holds it; nil for a method that changes no block's output.
    static var blockFormat: (any BlockFormat.Type)? { get }

    /// - `values`: of the declared settings.
    /// - Throws: where one of them is not understood, `about` that setting.
    init(_ values: SettingValues) throws
}

extension Method {
    package static var peft: (any PEFTFormat.Type)? { nil }
    package static var blockFormat: (any BlockFormat.Type)? { nil }
    /// Whether the whole model is saved, and nothing beside it.
    package static var isSavedWhole: Bool { peft == nil && blockFormat == nil }

    package var declaration: MethodDeclaration { Self.declaration }
    package var peft: (any PEFTFormat.Type)? { Self.peft }
    package var blockFormat: (any BlockFormat.Type)? { Self.blockFormat }

    /// - `given`: those that are not as usual.
    package init(_ given: [String: SettingValue] = [:]) throws {
        try self.init(SettingValues(Self.declaration.settings, given))
    }
}

extension Tuning {
    /// These of a model's own parameters are trained, each in the place of the base's; it reaches as low as they do.
    package init(training chosen: [Parameter], of model: any LanguageModel) {
        // A value of its own: what is set within an initializer calls no observers.
        var made = Tuning(reach: model.reach(of: chosen.map(\.name)))
        let own = chosen.map { $0.successor() }
        if !own.isEmpty { made.groups = [ParameterGroup(own)] }
        for parameter in own { made.replaced[parameter.name] = parameter }
        self = made
    }

    /// Puts a change on the words' table, and on a head that is tied to it where the change says so.
    package mutating func change(wordsOf model: any LanguageModel, by hook: any TableHook) {
        tables[model.words.name] = hook
        reach = .embeddings
        if model.tiedTable?.table == model.words.name, let head = model.languageHead, let tied = hook.tiedHead
        {
            linears[head.path] = tied
        }
    }

    /// Whether parameters of the base have others in their places, and nothing else is changed.
    package var isReplacementAlone: Bool { places.isEmpty }

    /// Lets the hooks of layers look at their layers, before passes over what may have changed.
    package func prepare(over model: any LanguageModel) throws {
        for layer in model.adaptable {
            try linears[layer.path]?.prepare(replaced.isEmpty ? layer : layer.with(current))
        }
    }
}

extension LanguageModel {
    /// What a method may train: no task reads BERT's masked head.
    package var trainable: [Parameter] {
        store.parameters.filter { isCausal || part(of: $0.name) != .languageHead }
    }

    /// What a method that trains the head says, where that is not one to be trained by itself.
    package func headRemarks(isWriting: Bool) -> [String] {
        isWriting && tiedTable != nil ? ["the language head is tied to the embeddings and stays frozen"] : []
    }

    /// Every layer that a tuning can change: the pooler too, which only some adapters of others name, and the language
    /// head, which has to be named.
    package var adaptable: [Linear] { linears + [pooler, languageHead].compactMap(\.self) }

    /// The path of the words' table: its name without `.weight`.
    package var wordsPath: String { String(words.name.dropLast(".weight".count)) }

    /// The lowest part that any of these paths leads to.
    package func reach(of paths: some Sequence<String>) -> Part { paths.map { part(of: $0) }.min() ?? .head }
}
