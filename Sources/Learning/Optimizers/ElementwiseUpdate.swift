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
        each(of: gradients) { number, parameter, gradient, group in
            let values = parameter.writable()
            let (count, taken) = (parameter.count, stepCount(of: number))
            let (rate, decays) = (lr * group.rate, group.decays)
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

    /// Goes over the parameters that have a gradient, with their numbers among all.
    func each(
        of gradients: [Buffer?],
        _ body: (_ number: Int, _ parameter: Parameter, _ gradient: Buffer, _ group: ParameterGroup) -> Void
    ) {
        var number = 0
        for group in groups {
            for parameter in group.parameters {
                defer { number += 1 }
                guard let gradient = gradients[number] else { continue }
                precondition(
                    gradient.count >= parameter.count,
                    "\(parameter.name): \(gradient.count) gradients of \(parameter.count) values")
                body(number, parameter, gradient, group)
            }
        }
    }
}
