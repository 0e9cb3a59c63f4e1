import Datasets
import Diagnostics
import Language
import Models
import Training

/// How an encoder writes, as keys of a verb.
struct FillingParameters: ParameterBundle, Sendable {
    private let order = VerbParameter<String?>(
        "order", "which mask an encoder fills in next",
        .choice([
            Choice(FillingSettings.Order.left.rawValue, "the first of them"),
            Choice(FillingSettings.Order.likeliest.rawValue, "the one that it is surest of"),
        ])
    ).otherwise("left")
    private let rounds = VerbParameter<Int?>(
        "rounds", "how often an encoder masks each word that it has written once more, and chooses it anew",
        0...100
    ).otherwise("0")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    func settings(in arguments: Arguments) -> FillingSettings {
        var settings = FillingSettings()
        settings.order = arguments[order].flatMap(FillingSettings.Order.init(rawValue:)) ?? settings.order
        settings.rounds = arguments[rounds] ?? settings.rounds
        return settings
    }

    /// - Throws: `unused-key` for keys of an encoder's beside a model that writes from left to right.
    func refuse(in arguments: Arguments) throws {
        for key in [order.declaration.name, rounds.declaration.name] where arguments.given(key) != nil {
            throw Diagnostic(
                "unused-key", "\(key)= is of an encoder, and this model writes from left to right",
                at: arguments.span(of: key), hint: "leave it out")
        }
    }
}

extension FillingSettings {
    /// What must be known of a text that was written so.
    func remark(on name: String, masks: Int) -> String {
        let order =
            switch order {
            case .left: "from the left"
            case .likeliest: "the surest first"
            }
        let again =
            rounds > 0 ? ", then each is masked once more and chosen anew, \(counted(rounds, "time"))" : ""
        return
            "\(name) is an encoder, which does not write from left to right: \(counted(masks, "mask")) at most "
            + "\(masks == 1 ? "stands" : "stand") after the prompt and \(masks == 1 ? "is" : "are") filled in \(order)\(again); "
            + "each word is a pass over the whole text"
    }
}

extension EngineState {
    /// The encoder at hand with a head that fills masks in: its own, or one that was trained or opened for it.
    ///
    /// - Throws: `no-language-head` for one without.
    func maskFiller(_ loaded: LoadedModel) throws -> any LanguageModel {
        let model = loaded.model
        if model.hasLanguageHead { return model }
        if isHeadTrained, let head = task?.maskedHead { return model.with(head) }
        if let head = try method?.head?.maskedHead(for: model) { return model.with(head) }
        throw Diagnostic(
            "no-language-head",
            "\(loaded.name) is an encoder without a head that fills masks in, by which it could write",
            hint: "load texts with label=none and train, which makes one; or take a decoder such as smollm2")
    }
}
