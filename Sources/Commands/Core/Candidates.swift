import Datasets
import Foundation
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
        switch source {
        case .path: files(startingWith: prefix, home: environment["HOME"])
        case .verb: lexicon.commands.map { Candidate($0.verb, $0.summary) }
        case .variable: state.variables.names.map { Candidate($0, state.variables[$0]?.source ?? "") }
        case .model:
            ModelCatalog.entries.map { Candidate($0.name, $0.summary) } + paths(prefix, environment)
        case .dataset:
            DatasetRegistry.all.map { Candidate($0.name, $0.summary) } + paths(prefix, environment)
        case .column: state.engine.data?.dataset.columns.map { Candidate($0) } ?? []
        case .label: state.engine.data?.dataset.labels.map { Candidate($0) } ?? []
        case .target: targets(in: state.engine.model)
        case .run: runs(in: state)
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

    /// Paths, once the prefix looks like one.
    private static func paths(_ prefix: String, _ environment: [String: String]) -> [Candidate] {
        prefix.contains("/") || prefix.hasPrefix(".") || prefix.hasPrefix("~")
            ? files(startingWith: prefix, home: environment["HOME"]) : []
    }

    /// At most 200 entries of the folder that the prefix names; folders end in a slash.
    private static func files(startingWith prefix: String, home: String?) -> [Candidate] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let start = prefix.dropFirst(folder.count)
        var place = folder.isEmpty ? "." : folder
        place = expandingHome(place, home: home)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let wanted = names.filter { $0.hasPrefix(start) && (start.hasPrefix(".") || !$0.hasPrefix(".")) }
        return wanted.sorted().prefix(200).map { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isFolder)
            return Candidate(
                folder + name + (isFolder.boolValue ? "/" : ""), isFolder.boolValue ? "folder" : "file")
        }
    }
}

extension ValueSource {
    static let model = ValueSource("model")
    static let dataset = ValueSource("data set")
    static let column = ValueSource("column")
    static let label = ValueSource("class")
    static let target = ValueSource("layer")
    static let run = ValueSource("run")
}
