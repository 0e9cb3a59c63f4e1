import Compute

extension OptimizerState {
    /// Neighbouring values of one parameter, small enough that workers share a large one.
    struct Piece {
        /// The parameter's number among all, and the first value's place in it.
        let parameter, start: Int
        let count: Int
        /// The number of the step that the parameter is taking, from 1.
        let step: Int
        /// Of `count` values each, to be read and written, and to be read.
        let weights: UnsafeMutablePointer<Float>
        let gradient: UnsafePointer<Float>
        /// lr of the group.
        let lr: Float
        let decays: Bool
    }

    /// Has every value of every parameter updated, for optimizers in which each goes by its own gradient.
    ///
    /// - `gradients`: one for each parameter, in order; nil for those that are left as they are.
    /// - `update`: of one piece; pieces of a parameter may be worked on at once.
    func updateValues(
        by gradients: [Buffer?], lr: Float, _ update: @escaping @Sendable (Piece) -> Void
    ) {
        let grain = 1 << 18
        var index = 0
        for group in groups {
            for parameter in group.parameters {
                defer { index += 1 }
                guard let gradient = gradients[index] else { continue }
                let values = parameter.writable()
                let (number, count, taken) = (index, parameter.count, stepCount(of: index))
                let (rate, decays) = (lr * group.rate, group.decays)
                precondition(
                    gradient.count >= count && values.count >= count,
                    "\(parameter.name): \(gradient.count) gradients of \(count) values")
                let work: @Sendable (Int) -> Void = { piece in
                    let start = piece * grain
                    update(
                        Piece(
                            parameter: number, start: start, count: min(grain, count - start), step: taken,
                            weights: values.pointer + start,
                            gradient: UnsafePointer(gradient.pointer + start), lr: rate, decays: decays))
                }
                let pieces = (count + grain - 1) / grain
                if let workers, pieces > 1 {
                    workers.run(pieces, work)
                } else {
                    for piece in 0..<pieces { work(piece) }
                }
            }
        }
    }
}
