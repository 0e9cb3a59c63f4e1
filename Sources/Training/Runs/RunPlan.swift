import Diagnostics

/// What a run is called, and where and how often its states are written.
package struct RunPlan: Sendable {
    package let name: String
    /// Whether the person gave the name.
    package let isNamed: Bool
    package let states: StatePlan
    /// nil writes nothing.
    package let place: RunPlace?

    package init(name: String, isNamed: Bool, states: StatePlan, place: RunPlace?) {
        (self.name, self.isNamed, self.states, self.place) = (name, isNamed, states, place)
    }

    /// What is said of a run whose place this one takes.
    package var former: String? {
        guard isNamed, let place, place.names.contains(name), !RunFolder.isRunning(place.folder(of: name))
        else {
            return nil
        }
        let found = try? place.run(named: name)
        let state =
            found.map { "\($0.status) at step \($0.entry.step.grouped)" } ?? "whose run.json cannot be read"
        return
            "takes the place of an earlier \(name), \(state), which stays until this one has come to something"
    }
}
