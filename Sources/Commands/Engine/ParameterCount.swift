import Display
import JSON
import Learning
import Models
import Training

/// How many parameters a model has with what is attached to it, and how many are trained.
///
/// By what the session holds, not by the flags of the weights: it is the same at any moment of a training.
package struct ParameterCount {
    private var parts: [(name: String, total: Int, trained: Int)] = []
    private let targets: [String]
    private let trainable: Set<ObjectIdentifier>

    /// nil without a model.
    package init?(of engine: EngineState) {
        guard let model = engine.model?.model else { return nil }
        targets = engine.method?.targets ?? []
        let chosen = engine.method?.parameters ?? []
        let head = engine.task?.objective.parameters ?? []
        // What the task does not read is not trained, whatever the method.
        let poolers = engine.model?.pooling == .cls ? [] : model.pooler.map { [$0.weight, $0.bias] } ?? []
        let unread = Set((engine.task?.objective.unread(of: model) ?? poolers.compactMap(\.self)).map(\.name))
        trainable = Set((chosen + head).filter { !unread.contains($0.name) }.map { ObjectIdentifier($0) })
        let tuning = engine.method?.tuning
        let base = model.store.parameters.map { tuning?.current($0) ?? $0 }
        let own = Set(base.map { ObjectIdentifier($0) })
        add(base + (tuning?.parameters ?? []).filter { !own.contains(ObjectIdentifier($0)) }, of: model)
        if !head.isEmpty { add("head", head) }
    }

    private mutating func add(_ parameters: [Parameter], of model: any LanguageModel) {
        var blocks: [Int: [Parameter]] = [:]
        var others: [Parameter] = []
        for parameter in parameters {
            if let index = model.blockIndex(of: parameter.name) {
                blocks[index, default: []].append(parameter)
            } else {
                others.append(parameter)
            }
        }
        add("embeddings and others", others)
        for index in blocks.keys.sorted() { add("block \(index)", blocks[index] ?? []) }
    }

    private mutating func add(_ name: String, _ parameters: [Parameter]) {
        let trained = parameters.filter { trainable.contains(ObjectIdentifier($0)) }.reduce(0) {
            $0 + $1.count
        }
        parts.append((name, parameters.reduce(0) { $0 + $1.count }, trained))
    }

    package var total: Int { parts.reduce(0) { $0 + $1.total } }
    package var trained: Int { parts.reduce(0) { $0 + $1.trained } }
    package var share: Double { total == 0 ? 0 : Double(trained) / Double(total) }

    package var table: any Displayable {
        var table = Table(
            columns: [
                "part", .number("parameters", .automatic), .number("trained", .automatic),
                .number("share", .percent(2)),
            ], caption: "Parameters")
        for part in parts + [("all", total, trained)] {
            let share = part.total == 0 ? 0 : Double(part.trained) / Double(part.total)
            table.add([.text(part.name), .integer(part.total), .integer(part.trained), .number(share)])
        }
        return Valued(table, value: json)
    }

    package func summary(method: String) -> any Displayable {
        var entries: [KeyValue.Entry] = [.init("method", .text(method))]
        if !targets.isEmpty { entries.append(.init("targets", .text(targets.joined(separator: ", ")))) }
        entries += [
            .init("trained", .integer(trained)), .init("of", .integer(total)),
            .init("share", .styled(share, .percent(2))),
        ]
        var value = json.object ?? [:]
        value["method"] = .string(method)
        return Valued(KeyValue(entries), value: .object(value))
    }

    private var json: JSON {
        [
            "total": .integer(total), "trainable": .integer(trained), "share": .number(share),
            "targets": .array(targets.map(JSON.string)),
        ]
    }
}
