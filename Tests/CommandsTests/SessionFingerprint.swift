import Datasets
import Diagnostics
import Language
import Learning
import Training

@testable import Commands

/// All that a statement can change in a session, by name and down to the bits of each weight.
struct SessionFingerprint: Equatable {
    private(set) var facts: [String: String] = [:]

    init(_ session: Session) {
        let state = session.state
        let engine = state.engine
        facts["metrics"] = state.metrics.map { "\($0.key)=\($0.value.text())" }.joined(separator: " ")
        facts["settings"] = "\(state.settings)"
        for name in state.variables.names { facts["$\(name)"] = state.variables[name]?.source ?? "" }
        facts["data"] = engine.data.map { data in
            let parts = Split.allCases.map { "\(data.dataset[$0].hashValue)" }.joined(separator: " ")
            return "\(data.dataset.name) \(data.template?.name ?? "") \(data.instruction ?? "") \(parts)"
        }
        facts["method"] = engine.method.map { "\($0.summary) \($0.isDefault) \($0.parameters.count)" }
        facts["length"] = "\(engine.maxLength ?? 0)"
        facts["run"] = engine.run.map { run in "\(run.steps.map(\.loss)) \(run.epochs.count)" }
        facts["evaluation"] = engine.evaluation.map { "\($0.hashValue)" }
        facts["evaluations"] = engine.evaluations.map { "\($0.name) \($0.result.hashValue)" }.joined()
        facts["task"] = engine.task.map { "\($0.maxLength) \($0.labels) \(engine.isHeadTrained)" }
        addWeights(of: engine)
    }

    private mutating func addWeights(of engine: EngineState) {
        for parameter in engine.task?.parameters ?? [] {
            facts["head \(parameter.name)"] = Self.bits(of: parameter)
        }
        guard let loaded = engine.model else { return }
        facts["model"] = "\(loaded.name) \(loaded.pooling) \(ObjectIdentifier(loaded.model))"
        for parameter in loaded.model.store.parameters {
            facts["weight \(parameter.name)"] = Self.bits(of: parameter)
        }
        for parameter in engine.method?.tuning.parameters ?? [] {
            facts["adapter \(parameter.name)"] = Self.bits(of: parameter)
        }
    }

    private static func bits(of parameter: Learning.Parameter) -> String {
        var hasher = Hasher()
        for value in parameter.values().floats { hasher.combine(value.bitPattern) }
        return "\(hasher.finalize())"
    }

    /// The facts about weights alone: the base's, the adapter's and the head's.
    var weights: [String: String] {
        facts.filter { fact in ["head ", "weight ", "adapter "].contains { fact.key.hasPrefix($0) } }
    }

    /// The parts of a session, any of which a verb must name that changes a fact.
    static func owners(of fact: String) -> Set<Resource>? {
        switch fact.prefix(while: { $0 != " " }) {
        case "model", "weight", "adapter", "method": [.model]
        case "head", "task", "length": [.model, .data]
        case "data": [.data]
        case "run", "evaluation", "evaluations", "metrics": [.results]
        case "settings": [.settings]
        default: nil
        }
    }

    /// What is not the same in another one.
    func differences(from other: SessionFingerprint) -> [String] {
        Set(facts.keys).union(other.facts.keys).filter { facts[$0] != other.facts[$0] }.sorted()
    }
}

extension Bench {
    var fingerprint: SessionFingerprint { SessionFingerprint(interpreter.session) }

    /// Runs a cell whose last line fails: its problem, and what that line changed all the same.
    func failure(of cell: String) -> (problem: Diagnostic?, changes: [String]) {
        let lines = cell.split(separator: "\n")
        run(lines.dropLast().joined(separator: "\n"))
        let before = fingerprint
        let problem = problem(lines.last.map(String.init) ?? "")
        return (problem, fingerprint.differences(from: before))
    }
}
