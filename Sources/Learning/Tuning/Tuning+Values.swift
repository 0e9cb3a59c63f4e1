extension Tuning {
    /// A tuning of its own with the same values, which are shared until one of the two writes.
    package func copy() -> Tuning {
        var known: [ObjectIdentifier: Parameter] = [:]
        func own(_ parameter: Parameter) -> Parameter {
            if let made = known[ObjectIdentifier(parameter)] { return made }
            let made = parameter.copy()
            known[ObjectIdentifier(parameter)] = made
            return made
        }
        var other = self
        other.groups = groups.map { $0.with($0.parameters.map(own)) }
        other.linears = linears.mapValues { $0.with(own) }
        other.tables = tables.mapValues { $0.with(own) }
        other.leading = leading?.with(own)
        other.keyValues = keyValues.mapValues { $0.with(own) }
        other.outputs = outputs.mapValues { $0.with(own) }
        other.replaced = replaced.mapValues(own)
        return other
    }

    /// This and another one at once; where both change one place, the other's change is taken.
    package func joined(with other: Tuning) -> Tuning {
        var both = self
        both.groups += other.groups
        both.linears.merge(other.linears) { $1 }
        both.tables.merge(other.tables) { $1 }
        both.leading = other.leading ?? leading
        both.keyValues.merge(other.keyValues) { $1 }
        both.outputs.merge(other.outputs) { $1 }
        both.replaced.merge(other.replaced) { $1 }
        both.phases = other.phases ?? phases
        both.reach = min(reach, other.reach)
        both.beginsElsewhere = beginsElsewhere || other.beginsElsewhere
        return both
    }

    /// The same, with nothing trained whose name is among these.
    package func freezing(_ names: Set<String>) -> Tuning {
        var other = self
        other.groups = groups.compactMap { group in
            let kept = group.parameters.filter { !names.contains($0.name) }
            return kept.isEmpty ? nil : group.with(kept)
        }
        return other
    }

    /// Where a hook can stand.
    package enum Place: Sendable, Hashable { case linears, tables, leading, keyValues, outputs }

    /// Where it has hooks.
    package var places: Set<Place> {
        let all: [(place: Place, isTaken: Bool)] = [
            (.linears, !linears.isEmpty), (.tables, !tables.isEmpty), (.leading, leading != nil),
            (.keyValues, !keyValues.isEmpty), (.outputs, !outputs.isEmpty),
        ]
        return Set(all.filter(\.isTaken).map(\.place))
    }

    /// Every parameter that it holds, each once: those that are trained, then the others.
    package var parameters: [Parameter] {
        var seen: Set<ObjectIdentifier> = []
        var all = trainedParameters
        all += hooks.flatMap { $0.parameters }
        all += replaced.sorted { $0.key < $1.key }.map { $0.value }
        return all.filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// All of them, in one order.
    package var hooks: [any Hook] {
        var hooks: [any Hook] = linears.sorted { $0.key < $1.key }.map { $0.value }
        hooks += tables.sorted { $0.key < $1.key }.map { $0.value as any Hook }
        if let leading { hooks.append(leading) }
        hooks += keyValues.sorted { $0.key < $1.key }.map { $0.value as any Hook }
        hooks += outputs.sorted { $0.key < $1.key }.map { $0.value as any Hook }
        return hooks
    }
}
