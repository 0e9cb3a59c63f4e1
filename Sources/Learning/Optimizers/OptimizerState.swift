import Compute
import Diagnostics

/// What every optimizer has: groups of parameters, how many steps it took, and tensors beside the parameters.
package final class OptimizerState: @unchecked Sendable {
    package let groups: [ParameterGroup]
    /// Of all groups, in order.
    package let parameters: [Parameter]
    /// The number of the step that is being taken, from 1; 0 before the first.
    package internal(set) var stepCount = 0
    let workers: Workers?
    /// One number each: the steps of those that rest at times; nil for those that take every step.
    private let ownCounts: [Buffer?]
    private var tensors: [(name: String, values: Buffer)] = []

    package init(_ groups: [ParameterGroup], workers: Workers?) {
        (self.groups, self.workers) = (groups, workers)
        parameters = groups.flatMap(\.parameters)
        ownCounts = groups.flatMap { group in
            group.parameters.map { _ in group.rests ? Buffer(zeros: 1) : nil }
        }
        tensors = zip(parameters, ownCounts).compactMap { parameter, count in
            count.map { ("\(parameter.name).steps", $0) }
        }
    }

    /// Counts a step, of those that have a gradient.
    func beginStep(of gradients: [Buffer?]) {
        precondition(
            gradients.count == parameters.count,
            "\(gradients.count) gradients of \(parameters.count) parameters")
        stepCount += 1
        for (index, gradient) in gradients.enumerated() {
            if gradient != nil {
                ownCounts[index]?.pointer[0] += 1
            } else {
                precondition(ownCounts[index] != nil, "\(parameters[index].name) rests and counts no steps")
            }
        }
    }

    /// The number of the step that a parameter is taking, from 1.
    func stepCount(of index: Int) -> Int { ownCounts[index].map { Int($0.pointer[0]) } ?? stepCount }

    /// Zeros beside each parameter, which snapshots hold.
    ///
    /// - `name`: what they are; `count`: values for a parameter, as many as it has where nothing is said.
    /// - Returns: one for each parameter, in order.
    package func zeros(
        _ name: String, count: (Parameter) -> Int = { $0.count }
    ) -> [Buffer] {
        let made = parameters.map { Buffer(zeros: count($0)) }
        // What has no values, as a vector has no rows, is not there.
        tensors += zip(parameters, made).filter { $1.count > 0 }.map { ("\($0.name).\(name)", $1) }
        return made
    }

    /// Values that are kept beside the parameters.
    package var valueCount: Int { tensors.reduce(0) { $0 + $1.values.count } }

    func view(of optimizer: String) -> OptimizerSnapshot {
        OptimizerSnapshot(optimizer: optimizer, stepCount: stepCount, tensors: tensors)
    }

    func snapshot(of optimizer: String) -> OptimizerSnapshot {
        OptimizerSnapshot(
            optimizer: optimizer, stepCount: stepCount, tensors: tensors.map { ($0.name, $0.values.copy()) })
    }

    func restore(_ snapshot: OptimizerSnapshot, of optimizer: String) throws {
        guard snapshot.optimizer == optimizer else {
            throw Diagnostic(
                "bad-state", "the state is one of \(snapshot.optimizer) and cannot go on with \(optimizer)")
        }
        // By name, since a file may have another order.
        let ours = tensors.sorted { $0.name < $1.name }
        let theirs = snapshot.tensors.sorted { $0.name < $1.name }
        let known = Set(ours.map(\.name))
        if let stranger = theirs.first(where: { !known.contains($0.name) }) {
            throw Diagnostic("bad-state", "the state has \(stranger.name), which nothing here is called")
        }
        for (index, own) in ours.enumerated() {
            guard index < theirs.count, theirs[index].name == own.name else {
                throw Diagnostic("bad-state", "the state lacks \(own.name)")
            }
            guard theirs[index].values.count == own.values.count else {
                throw Diagnostic(
                    "bad-state",
                    "\(own.name) has \(theirs[index].values.count.grouped) values in the state and \(own.values.count.grouped) here"
                )
            }
        }
        guard theirs.count == ours.count, (0..<1 << 53).contains(snapshot.stepCount) else {
            throw Diagnostic("bad-state", "the state has more tensors than names, or fewer steps than none")
        }
        stepCount = snapshot.stepCount
        for (own, their) in zip(ours, theirs) {
            own.values.pointer.update(from: their.values.pointer, count: own.values.count)
        }
    }
}
