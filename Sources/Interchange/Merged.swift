import Compute
import Diagnostics
import Learning
import Models
import Training

/// The values of layers with a tuning's hooks in them, made one layer at a time.
final class Merged {
    private let tuning: Tuning?
    /// Layers that hooks change, by their weight's and their bias's name.
    private var layers: [String: Linear] = [:]
    private var last: (path: String, values: LinearValues)?

    /// - `hasClassifier`: whether one is written in the place of the language head.
    /// - Throws: `nothing-to-merge` where the tuning is more than weights can hold.
    init(_ tuning: Tuning?, into model: any LanguageModel, hasClassifier: Bool) throws {
        self.tuning = tuning
        guard let tuning else { return }
        guard tuning.places.isSubset(of: [.linears, .tables]) else { throw Self.impossible }
        // What changes a tied head would change the words too, and the other way round.
        let changesHead = model.languageHead.map { tuning.linears[$0.path] != nil } ?? false
        if model.tiedTable != nil, !hasClassifier, changesHead || !tuning.tables.isEmpty {
            throw Diagnostic(
                "nothing-to-merge",
                "the language head is tied to \(model.wordsPath): a change of one of them is in no weight that both share",
                hint: "write save in place of merge, which keeps it beside the base")
        }
        for linear in model.adaptable
        where !(hasClassifier && model.part(of: linear.path) == .languageHead)
            && tuning.linears[linear.path] != nil
        {
            layers[linear.weight.name] = linear
            if let bias = linear.bias { layers[bias.name] = linear }
        }
    }

    /// Nil for a parameter that no hook changes.
    func values(of parameter: Parameter) throws -> Buffer? {
        if let table = tuning?.tables[parameter.name] {
            let own = (tuning?.current(parameter) ?? parameter).values().copy()
            guard let merged = table.merged(own) else { throw Self.impossible }
            return merged
        }
        guard let linear = layers[parameter.name] else { return nil }
        let merged = try values(of: linear)
        return parameter.name == linear.weight.name ? merged.weight : merged.bias
    }

    /// A weight and its bias follow each other, so the last layer's are kept.
    private func values(of linear: Linear) throws -> LinearValues {
        if let last, last.path == linear.path { return last.values }
        func current(_ parameter: Parameter) -> Parameter { tuning?.current(parameter) ?? parameter }
        let own = LinearValues(
            weight: current(linear.weight).values().copy(),
            bias: linear.bias.map { current($0).values().copy() },
            layout: linear.layout, inputs: linear.inputs, outputs: linear.outputs)
        guard let merged = tuning?.linears[linear.path]?.merged(own) else { throw Self.impossible }
        last = (linear.path, merged)
        return merged
    }

    private static var impossible: Diagnostic {
        Diagnostic(
            "nothing-to-merge", "this method's change cannot be written into the model's weights",
            hint: "write save in place of merge, which keeps it beside the base")
    }
}
