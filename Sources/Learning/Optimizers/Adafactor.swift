import CVectorMath
import Compute
import Diagnostics
import Foundation

/// Adam without what it keeps: of a matrix the means of squared gradients by rows and by columns alone (Shazeer & Stern
/// 2018), as transformers.optimization.Adafactor computes it.
///
/// With `b = 1 - t^decay_rate`: `r = b · r + (1 - b) · mean over columns of (g² + epsilon1)`, `c` over rows alike, and
/// `u = g / sqrt(r · c / mean(r))`; a vector has `v` of its own in the place of both. Then
/// `u /= max(1, rms(u) / clip_threshold)` and `p -= weight_decay · a · p + a · u`, where a is lr, or with `relative_step`
/// `min(0.01, 1 / sqrt(t))`, and with `scale_parameter` that times `max(epsilon2, rms(p))`. With `beta1` the mean
/// `m = beta1 · m + (1 - beta1) · a · u`, which begins at 0 and is not corrected for it, is taken off in the place of a · u.
package final class Adafactor: Optimizer, @unchecked Sendable {
    /// A step's rate is lr by default, as Transformers' Trainer has it with `optim=adafactor`; its class alone takes a
    /// rate of its own.
    package static let declaration = ChoiceDeclaration(
        "adafactor",
        "Adam that keeps means of squared gradients by rows and columns alone: next to nothing of a matrix",
        settings: [
            SettingDeclaration(
                "epsilon1", "added to squared gradients", .number(from: 0, to: 1, isOpen: true),
                usual: .number(1e-30)),
            SettingDeclaration(
                "epsilon2", "least root mean square of a parameter that scale_parameter goes by",
                .number(from: 0, to: 1, isOpen: true), usual: .number(1e-3)),
            SettingDeclaration(
                "clip_threshold", "largest root mean square of a parameter's step, before lr",
                .number(from: 0, isOpen: true), usual: .number(1)),
            SettingDeclaration(
                "decay_rate",
                "how fast the means of squares grow longer: the share of a step t is t to this power",
                .number(from: -10, to: 0), usual: .number(-0.8)),
            SettingDeclaration(
                "beta1",
                "share of the running mean of steps, each with its lr, that a step keeps and goes by",
                .number(from: 0, to: 1, isOpenAbove: true), otherwise: "no mean is kept"),
            SettingDeclaration(
                "scale_parameter", "multiply lr by a parameter's root mean square", .flag, usual: .flag(false)
            ),
            SettingDeclaration(
                "relative_step",
                "take steps of 0.01 or, later, 1 / sqrt(step) in the place of lr and schedule",
                .flag, usual: .flag(false)),
            SettingDeclaration(
                "warmup_init", "let relative steps rise from 0, by a millionth each", .flag,
                usual: .flag(false)),
            .weightDecay,
        ])

    package let state: OptimizerState
    private let epsilon1, epsilon2, clip, weightDecay: Float
    private let decayRate: Double
    private let beta1: Float?
    private let scalesByParameter: Bool
    private let values: SettingValues
    /// Means of squares: of each row, of each column, and of a vector's values.
    private let rows, columns, squares: [Buffer]
    /// Of the steps; empty without `beta1`.
    private let means: [Buffer]

    package init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) throws {
        guard values.flag("relative_step") || !values.flag("warmup_init") else {
            throw Diagnostic(
                "bad-value", "warmup_init is of relative steps, and these go by lr",
                hint: "write relative_step=yes beside it")
        }
        self.values = values
        (epsilon1, epsilon2) = (values.single("epsilon1"), values.single("epsilon2"))
        (clip, weightDecay) = (values.single("clip_threshold"), values.single("weight_decay"))
        decayRate = values.double("decay_rate")
        beta1 = values.number("beta1").map { Float($0) }
        scalesByParameter = values.flag("scale_parameter")
        state = OptimizerState(groups, workers: workers)
        rows = state.zeros("row") { FactoredShape($0)?.allRows ?? 0 }
        columns = state.zeros("column") { FactoredShape($0)?.allColumns ?? 0 }
        squares = state.zeros("square") { FactoredShape($0) == nil ? $0.count : 0 }
        means = beta1 == nil ? [] : state.zeros("mean")
    }

    /// Scaled by a parameter's root mean square, steps are a few hundredths of lr.
    package static func rates(_ values: SettingValues) -> RateScale {
        values.flag("scale_parameter") ? RateScale(30, in: 10...1000) : .asAdamW
    }

    package static func ownRate(_ values: SettingValues, at step: Int) -> Double? {
        guard values.flag("relative_step") else { return nil }
        let most = values.flag("warmup_init") ? 1e-6 * Double(step) : 1e-2
        return min(most, 1 / Double(max(1, step)).squareRoot())
    }

    package func update(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        state.each(of: gradients) { index, parameter, gradient, group in
            let step = state.stepCount(of: index)
            let rate = (Self.ownRate(values, at: step).map { Float($0) } ?? lr) * group.rate
            update(
                index, parameter, by: gradient, scale: gradientScale, step: step, rate: rate,
                decays: group.decays)
        }
    }

    /// - `rate`: before `scale_parameter`.
    private func update(
        _ index: Int, _ parameter: Parameter, by gradient: Buffer, scale: Float, step: Int, rate: Float,
        decays: Bool
    ) {
        let factored = FactoredShape(parameter)
        // A vector is a row, whose columns' means are its squares.
        let shape = factored ?? FactoredShape(matrices: 1, rows: 1, columns: parameter.count)
        let weights = parameter.writable()
        var rate = rate
        if scalesByParameter {
            let squares = lk_sum_of_squares(weights.pointer, parameter.count)
            rate *= max(epsilon2, Float((squares / Double(parameter.count)).squareRoot()))
        }
        let beta = 1 - pow(Double(step), decayRate)
        let rowMeans = factored == nil ? nil : rows[index]
        keepMeans(
            of: gradient, scale: scale, beta: beta, shape, rows: rowMeans,
            columns: factored == nil ? squares[index] : columns[index])
        let (rowFactors, columnFactors) = factors(
            shape, rows: rowMeans, columns: factored == nil ? squares[index] : columns[index])
        let total = summed(shape) { piece in
            lk_adafactor_norm(
                rowFactors.pointer + piece.firstRow, columnFactors.pointer + piece.firstColumn,
                gradient.pointer + piece.start, scale, piece.rows, shape.columns)
        }
        let size = Float((total / Double(parameter.count)).squareRoot())
        let length = rate / max(1, size / clip)
        let decay = decays ? rate * weightDecay : 0
        let (mean, beta1) = (beta1 == nil ? nil : means[index], beta1 ?? 0)
        each(shape) { piece in
            lk_adafactor(
                weights.pointer + piece.start, mean.map { $0.pointer + piece.start },
                rowFactors.pointer + piece.firstRow, columnFactors.pointer + piece.firstColumn,
                gradient.pointer + piece.start, scale, length, decay, beta1, piece.rows, shape.columns)
        }
    }

    /// Takes the squares into the means.
    private func keepMeans(
        of gradient: Buffer, scale: Float, beta: Double, _ shape: FactoredShape, rows: Buffer?,
        columns: Buffer
    ) {
        let (epsilon, kept, taken) = (epsilon1, Float(beta), Float(1 - beta))
        // Doubles, a row of them for each piece.
        let sums = Buffer(zeros: 2 * shape.pieceCount * shape.columns)
        each(shape) { piece in
            let own = UnsafeMutableRawPointer(sums.pointer).assumingMemoryBound(to: Double.self)
            lk_adafactor_means(
                rows.map { $0.pointer + piece.firstRow }, own + piece.number * shape.columns,
                gradient.pointer + piece.start, scale, epsilon, kept, taken, piece.rows, shape.columns)
        }
        let own = UnsafeMutableRawPointer(sums.pointer).assumingMemoryBound(to: Double.self)
        for matrix in 0..<shape.matrices {
            let first = own + matrix * shape.piecesOfMatrix * shape.columns
            for piece in 1..<max(1, shape.piecesOfMatrix) {
                for column in 0..<shape.columns { first[column] += first[piece * shape.columns + column] }
            }
            let means = columns.pointer + matrix * shape.columns
            for column in 0..<shape.columns {
                means[column] = kept * means[column] + taken * Float(first[column] / Double(shape.rows))
            }
        }
    }

    /// What a gradient is multiplied by, for its row and for its column; 1 for the rows where there are no means of them.
    private func factors(_ shape: FactoredShape, rows: Buffer?, columns: Buffer) -> (Buffer, Buffer) {
        let made = (rows: Buffer(count: shape.allRows), columns: Buffer(count: shape.allColumns))
        for matrix in 0..<shape.matrices {
            let (first, out) = (matrix * shape.rows, made.rows.pointer + matrix * shape.rows)
            if let rows {
                let own = rows.pointer + first
                let mean = (0..<shape.rows).reduce(0.0) { $0 + Double(own[$1]) } / Double(shape.rows)
                for row in 0..<shape.rows { out[row] = 1 / (own[row] / Float(mean)).squareRoot() }
            } else {
                out.update(repeating: 1, count: shape.rows)
            }
        }
        for column in 0..<shape.allColumns {
            made.columns.pointer[column] = 1 / columns.pointer[column].squareRoot()
        }
        return made
    }

    // MARK: - Pieces

    private func each(_ shape: FactoredShape, _ work: @escaping @Sendable (FactoredShape.Piece) -> Void) {
        let count = shape.pieceCount
        if let workers = state.workers, count > 1 {
            workers.run(count) { work(shape.piece($0)) }
        } else {
            for number in 0..<count { work(shape.piece(number)) }
        }
    }

    /// The pieces' sums, added in their order.
    private func summed(
        _ shape: FactoredShape, _ sum: @escaping @Sendable (FactoredShape.Piece) -> Double
    ) -> Double {
        let sums = Buffer(zeros: 2 * shape.pieceCount)
        each(shape) { piece in
            UnsafeMutableRawPointer(sums.pointer).assumingMemoryBound(to: Double.self)[piece.number] =
                sum(piece)
        }
        let all = UnsafeMutableRawPointer(sums.pointer).assumingMemoryBound(to: Double.self)
        return (0..<shape.pieceCount).reduce(0) { $0 + all[$1] }
    }
}
