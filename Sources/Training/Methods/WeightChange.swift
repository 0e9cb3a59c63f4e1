import Diagnostics
import Learning
import Models

/// A change of what a method trains: some tensors learn no more, or from now on.
package struct WeightChange: Sendable, Hashable, Codable {
    package let freezes: Bool
    package let selection: WeightSelection
    /// Whether something was trained before it: frozen tensors then keep what they have become, else they are the
    /// base's again.
    package let keeps: Bool

    package init(freezes: Bool, _ selection: WeightSelection, keeps: Bool) {
        (self.freezes, self.selection, self.keeps) = (freezes, selection, keeps)
    }

    /// `freeze embeddings`
    package var summary: String { "\(freezes ? "freeze" : "unfreeze") \(selection.description)" }

    /// - `mayMatchNothing`: whether that leaves the tuning as it is.
    /// - Throws: what the selection brings up; else `nothing-to-freeze` where it matches nothing.
    package func applied(
        to tuning: Tuning, of model: any LanguageModel, mayMatchNothing: Bool = false
    ) throws -> Tuning {
        let matches = try selection.matcher(for: model)
        let changed =
            freezes
            ? tuning.trainedParameters.filter { matches($0.name) }
            : Self.resting(in: tuning, of: model).filter { matches($0.name) }
        guard !changed.isEmpty else {
            if mayMatchNothing { return tuning }
            throw Diagnostic(
                "nothing-to-freeze",
                "\(selection.description) matches nothing that is \(freezes ? "trained" : "frozen")",
                about: "what", hint: "write params, which shows what is trained")
        }
        return freezes ? frozen(changed, in: tuning, of: model) : unfrozen(changed, in: tuning, of: model)
    }

    /// What could be trained and is not: the model's own, and adapters' that were frozen.
    private static func resting(in tuning: Tuning, of model: any LanguageModel) -> [Parameter] {
        let base = model.trainable.map { tuning.current($0) }
        let known = Set(base.map { ObjectIdentifier($0) })
        let others = tuning.parameters.filter {
            model.store[$0.name] == nil && !known.contains(ObjectIdentifier($0))
        }
        return (base + others).filter { !tuning.trains($0) }
    }

    private func frozen(_ chosen: [Parameter], in tuning: Tuning, of model: any LanguageModel) -> Tuning {
        var other = tuning.freezing(Set(chosen.map(\.name)))
        for group in tuning.groups where !group.isPlain {
            for parameter in group.parameters where !other.trains(parameter) {
                other.rested[parameter.name] = group.with([])
            }
        }
        guard !keeps else { return other }
        for parameter in chosen { other.replaced[parameter.name] = nil }
        if other.isReplacementAlone { other.reach = model.reach(of: other.replaced.keys) }
        return other
    }

    private func unfrozen(_ chosen: [Parameter], in tuning: Tuning, of model: any LanguageModel) -> Tuning {
        var other = tuning
        let own = chosen.map { parameter in
            // The tuning's own are trained as they are; the base's are taken the place of.
            parameter === model.store[parameter.name] ? parameter.successor() : parameter
        }
        for parameter in own where model.store[parameter.name] != nil {
            other.replaced[parameter.name] = parameter
        }
        other.groups += Self.groups(of: own, in: tuning)
        other.reach = min(other.reach, model.reach(of: own.map(\.name)))
        return other
    }

    /// A hook may train its parameters in a way of its own; all others are alike.
    private static func groups(of own: [Parameter], in tuning: Tuning) -> [ParameterGroup] {
        let wanted = Set(own.map { ObjectIdentifier($0) })
        let particular = tuning.hooks.flatMap { $0.groups }.filter { !$0.isPlain }.compactMap { group in
            let kept = group.parameters.filter { wanted.contains(ObjectIdentifier($0)) }
            return kept.isEmpty ? nil : group.with(kept)
        }
        let taken = Set(particular.flatMap(\.parameters).map { ObjectIdentifier($0) })
        let rest = own.filter { !taken.contains(ObjectIdentifier($0)) }
        let plain = rest.filter { tuning.rested[$0.name] == nil }
        let again = rest.compactMap { parameter in
            tuning.rested[parameter.name].map { $0.with([parameter]) }
        }
        return ((plain.isEmpty ? [] : [ParameterGroup(plain)]) + particular + again).map { group in
            var group = group
            // Where others rest at times, nobody knows which: these too count their own steps.
            group.rests = tuning.phases != nil
            return group
        }
    }
}
