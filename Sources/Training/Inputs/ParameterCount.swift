import Learning
import Models

/// How many parameters a model has with what is attached to it, and how many are trained.
///
/// By what the session holds, not by the flags of the weights: it is the same at any moment of a training.
package struct ParameterCount {
    package private(set) var parts: [(name: String, total: Int, trained: Int)] = []
    package let targets: [String]
    /// How the base's own are held.
    package let held: HeldWeights
    private let trainable: Set<ObjectIdentifier>

    /// - `task`: nil where there are no data yet.
    package init(_ loaded: LoadedModel, _ method: AttachedMethod?, task: (any LearningTask)?) {
        let model = loaded.model
        targets = method?.targets ?? []
        held = model.store.held
        let chosen = method?.parameters ?? []
        let head = task?.parameters ?? []
        // What the task does not read is not trained, whatever the method.
        let poolers = loaded.pooling == .cls ? [] : model.pooler.map { [$0.weight, $0.bias] } ?? []
        let unread =
            task?.unreadNames(of: model, under: method?.tuning) ?? Set(poolers.compactMap(\.self).map(\.name))
        trainable = Set((chosen + head).filter { !unread.contains($0.name) }.map { ObjectIdentifier($0) })
        let tuning = method?.tuning
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
}
