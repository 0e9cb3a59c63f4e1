import Datasets
import Interchange
import Language
import Models
import System
import Training

extension ValueSource {
    static let verb = ValueSource("verb")
    static let variable = ValueSource("variable")
}

/// The names that only the session knows, by their kind.
enum Candidates {
    static func known(
        for source: ValueSource, prefix: String, in state: SessionState, of lexicon: Lexicon,
        environment: [String: String]
    ) -> [Candidate] {
        func paths(_ source: ValueSource) -> [Candidate] {
            PathCandidates(source, home: environment["HOME"]).all(startingWith: prefix)
        }
        return switch source {
        case _ where source.isPath: paths(source)
        case .verb: lexicon.commands.map { Candidate($0.verb, $0.summary) }
        case .variable: state.variables.names.map { Candidate($0, state.variables[$0]?.source ?? "") }
        case .model:
            // Nobody looks for a model among all folders: only once its name is begun.
            ModelCatalog.entries.map { Candidate($0.name, $0.summary) }
                + (prefix.isEmpty ? [] : paths(.file(["gguf"])))
        case .dataset:
            DatasetRegistry.all.map { Candidate($0.name, $0.summary) } + paths(.table)
        case .validationSet:
            splitChoices.map { Candidate($0.name, "a part of the data: \($0.doc)") }
                + known(for: .dataset, prefix: prefix, in: state, of: lexicon, environment: environment)
        case .template: TemplateRegistry.all.map { Candidate($0.name, $0.summary) }
        case .column: state.engine.data?.dataset.columns.map { Candidate($0) } ?? []
        case .label: state.engine.data?.dataset.labels.map { Candidate($0) } ?? []
        case .target: targets(in: state.engine.model)
        case .part:
            WeightSelection.parts.map { Candidate($0.name, $0.doc) } + targets(in: state.engine.model)
        case .run: runs(in: state)
        case .weights:
            [
                Candidate("best", "the weights of the last run's best validation"),
                Candidate("last", "the weights of its last step"),
            ] + runs(in: state)
        default: []
        }
    }

    /// The layers of the loaded model by their last names, and the short names that families share.
    private static func targets(in loaded: LoadedModel?) -> [Candidate] {
        let names = loaded.map { TargetSelection.names(in: $0.model) } ?? []
        let family = loaded.flatMap { ModelRegistry.family(named: $0.model.config.family) }
        let aliases = (family?.targetNames ?? []).filter { !names.contains($0) }
        return names.map { Candidate($0, "a layer of the model") }
            + aliases.map { name in
                let targets = family?.targets(named: name) ?? []
                return Candidate(name, "stands for \(targets.map(\.description).joined(separator: ", "))")
            } + [Candidate("all-linear", "every linear layer")]
    }

    /// Those in the folder of runs.
    private static func runs(in state: SessionState) -> [Candidate] {
        let found = RunPlace(state.settings.runs ?? RunPlace.usual).runs
        return found.map { Candidate($0.entry.name, "\($0.status), \($0.entry.method) on \($0.entry.data)") }
    }
}

extension ValueSource {
    static let model = ValueSource("model")
    static let dataset = ValueSource("data set")
    static let column = ValueSource("column")
    static let label = ValueSource("class")
    static let template = ValueSource("prompt")
    static let target = ValueSource("layer")
    static let part = ValueSource("part")
    static let run = ValueSource("run")
    /// What `load` reads.
    static let table = ValueSource.file(DatasetRegistry.fileEndings)
}
