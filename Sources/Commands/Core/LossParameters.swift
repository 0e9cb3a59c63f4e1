import Diagnostics
import Language
import Learning
import Training

/// What is made small, as keys of every verb that makes updates: the loss, the noise on its inputs, and what weight decay
/// pulls on.
struct LossParameters: ParameterBundle, Sendable {
    private let loss = ChosenSettings<LossRegistry>("what a wrong answer costs")
    private let noise = VerbParameter<Double>(
        "neftune",
        "alpha of the noise on embeddings in training, within alpha / sqrt(tokens · width); 0 for none",
        .from(0, to: 1000), default: 0
    ).also("neftune_noise_alpha", unlessGiven: "none")
    private let decayed = VerbParameter<String>(
        "decay_on", "what weight_decay pulls on",
        .choice([
            Choice("weights", "all but biases and norms, as Hugging Face has it"),
            Choice("all", "biases and norms too"),
        ]), default: "weights")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) + loss.parameters }

    /// - `settings`: with their optimizer.
    func apply(_ arguments: Arguments, to settings: inout TrainerSettings) throws {
        let choice = try loss.choice(in: arguments)
        settings.loss = choice.isUsual ? nil : choice
        let alpha = try arguments.single(noise)
        settings.noise = alpha > 0 ? alpha : nil
        // Where nothing decays, the settings of a run are what they were before there was a choice.
        let decays = settings.optimizer.values.double("weight_decay") > 0
        guard decays || !arguments.isGiven(decayed) else {
            throw Diagnostic(
                "unused-key", "decay_on= says what weight_decay= pulls on, which is 0",
                at: arguments.span(of: decayed), hint: "write weight_decay=0.01 beside it, or leave it out")
        }
        settings.sparesBiases = decays && arguments[decayed] == "weights" ? true : nil
    }
}

/// What is made small where preferences are learned, as keys.
struct PreferenceParameters: ParameterBundle, Sendable {
    private let loss = ChosenSettings<PreferenceLossRegistry>("what a pair of answers costs").also(
        "loss_type")

    var declarations: [ParameterDeclaration] { [loss.declaration] + loss.parameters }

    func apply(_ arguments: Arguments, to settings: inout TrainerSettings) throws {
        settings.preference = try loss.choice(in: arguments)
    }
}

/// What a verb that trains makes small: what the task says, or the order of two answers.
enum ObjectiveParameters: ParameterBundle, Sendable {
    case task(LossParameters)
    case preferences(PreferenceParameters)

    var declarations: [ParameterDeclaration] {
        switch self {
        case .task(let parameters): parameters.declarations
        case .preferences(let parameters): parameters.declarations
        }
    }

    var isOfPreferences: Bool { if case .preferences = self { true } else { false } }

    func apply(_ arguments: Arguments, to settings: inout TrainerSettings) throws {
        switch self {
        case .task(let parameters): try parameters.apply(arguments, to: &settings)
        case .preferences(let parameters): try parameters.apply(arguments, to: &settings)
        }
    }
}

extension Arguments {
    /// Refuses what says a rate, beside an optimizer that goes by one of its own.
    ///
    /// - `keys`: that say one.
    func refuseRates(_ keys: [String], beside optimizer: OptimizerChoice) throws {
        guard optimizer.ownRate(at: 1) != nil, let key = keys.first(where: { given($0) != nil }) else {
            return
        }
        let name = optimizer.kind.declaration.name
        throw Diagnostic(
            "bad-value", "\(name) with relative_step=yes goes by a rate of its own, and \(key)= says another",
            at: span(of: key), hint: "leave \(key) out, or write relative_step=no")
    }
}
