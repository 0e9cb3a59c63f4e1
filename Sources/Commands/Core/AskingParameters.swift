import Datasets
import Diagnostics
import Language
import Training

/// How texts are asked about in one call, as keys of verbs that judge: with examples before each, and by which score a
/// class is named.
struct AskingParameters: ParameterBundle, Sendable {
    private let shots = ShotParameters()
    private let scoring = VerbParameter<String?>(
        "scoring", "how classes' words are scored, in this call alone", .choice(WordScoring.choices)
    ).otherwise("as the data were loaded")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    /// A task that asks so.
    ///
    /// - `judged`: the texts that are asked about.
    /// - Throws: `unused-key`; what drawing examples brings up.
    func applied(
        to task: any LearningTask, before judged: [Example], _ arguments: Arguments, in context: Context
    ) throws -> (task: any LearningTask, shots: ShotUse?) {
        var asking = task
        if let wanted = arguments[scoring].flatMap(WordScoring.init(rawValue:)) {
            guard let scored = task.scored(by: wanted) else {
                throw WordScoring.unused(at: arguments.span(of: scoring))
            }
            asking = scored
        }
        return try shots.applied(to: asking, before: judged, arguments, in: context)
    }

    /// What an evaluation's name ends with, where it is asked otherwise than usual: `-shots-4`.
    func ending(_ arguments: Arguments) -> String {
        let count = shots.count(in: arguments)
        return (count > 0 ? "-shots-\(count)" : "") + (arguments[scoring].map { "-\($0)" } ?? "")
    }
}

/// Examples before each text, as keys.
struct ShotParameters: ParameterBundle, Sendable {
    private let shots = VerbParameter<Int>(
        "shots", "examples of the training part that stand before each text, with their answers", 0...64,
        default: 0)
    private let seed = VerbParameter<Int?>.seed("draws the examples of shots=")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    func count(in arguments: Arguments) -> Int { arguments[shots] }

    /// The one of these keys that is given; nil where none is.
    func given(in arguments: Arguments) -> SourceSpan? {
        if arguments.isGiven(shots) { return arguments.span(of: shots) }
        return arguments.isGiven(seed) ? arguments.span(of: seed) : nil
    }

    func applied(
        to task: any LearningTask, before judged: [Example], _ arguments: Arguments, in context: Context
    ) throws -> (task: any LearningTask, shots: ShotUse?) {
        guard arguments[shots] > 0 else {
            guard !arguments.isGiven(seed) else {
                throw Diagnostic(
                    "unused-key", "seed= draws the examples of shots=, and none are asked for",
                    at: arguments.span(of: seed), hint: "write shots=4 beside it, or leave it out")
            }
            return (task, nil)
        }
        let dataset = try context.state.engine.requiredClasses(for: arguments.verb.text).dataset
        return try locating(arguments.span(of: shots)) {
            let (asking, use) = try task.after(
                arguments[shots], of: dataset, before: judged,
                seed: UInt64(arguments[seed] ?? context.state.settings.seed), workers: context.workers,
                interruption: context.interruption)
            return (asking, use)
        }
    }
}

extension WordScoring {
    static let choices = allCases.map { Choice($0.rawValue, $0.summary) }

    static func unused(at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "unused-key", "scoring= is of classes that a prompt asks for, and here are none", at: span,
            hint: "leave it out, or load the data with prompt=alpaca")
    }
}
