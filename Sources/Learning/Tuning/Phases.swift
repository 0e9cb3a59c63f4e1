/// Which of a tuning's parameters rest in which epoch: they learn nothing in it, and keep what they have become.
///
/// Gradual unfreezing names fewer from epoch to epoch; Half Fine-Tuning draws another half for each.
package protocol Phases: Sendable {
    /// Their names; those of parameters that it does not know never rest.
    ///
    /// - `epoch`: from 0, over all runs on the same weights: the same names whenever it is asked.
    func resting(in epoch: Int) -> Set<String>

    /// The same, told all that a run trains, the task's own included.
    func among(_ trained: Set<String>) -> any Phases
}

extension Phases {
    package func among(_ trained: Set<String>) -> any Phases { self }
}
