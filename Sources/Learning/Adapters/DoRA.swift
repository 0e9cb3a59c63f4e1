import Compute

/// Weight-decomposed low-rank adaptation of one linear layer (Liu et al. 2024): LoRA turns the rows of the weight,
/// a magnitude an output gives them their lengths.
///
/// `y = m/n ∘ (W·x + s·B·A·x) + b` with `n` the lengths of the rows of `W + s·B·A`, which no gradient flows through.
/// Under dropout the base reads its input whole and the change what is left of it:
/// `y = W·x + b + (m/n − 1) ∘ W·d + m/n ∘ s·B·A·d` with `d = dropout(x)`, as PEFT has it.
package final class DoRA: LowRankHook {
    package let lowRank: LoRA
    private let lengths: Parameter
    /// (out): of the rows as they are now.
    private let norms: Buffer
    /// The base's own weight, and the squared lengths of its rows.
    private let base: (weight: Parameter, squares: [Double])

    package var magnitude: Parameter? { lengths }

    /// - `magnitude`: (out); nil for the rows' own lengths, with which nothing changes at first.
    package convenience init(_ linear: Linear, _ lowRank: LoRA, magnitude: Buffer? = nil) throws {
        let squares = Self.squares(of: linear)
        let own = magnitude ?? Buffer(squares.map { Float($0.squareRoot()) })
        let lengths = Parameter(
            name: "\(linear.path).lora_magnitude_vector", shape: [linear.outputs], buffer: own)
        self.init(lowRank, lengths, Buffer(count: linear.outputs), (linear.weight, squares))
        try prepare(linear)
    }

    private init(_ lowRank: LoRA, _ lengths: Parameter, _ norms: Buffer, _ base: (Parameter, [Double])) {
        (self.lowRank, self.lengths, self.norms, self.base) = (lowRank, lengths, norms, base)
    }

    package var parameters: [Parameter] { lowRank.parameters + [lengths] }

    package var constants: [Parameter] { lowRank.constants }
    package var setting: String? { lowRank.setting }

    package func with(_ own: (Parameter) -> Parameter) -> DoRA {
        DoRA(lowRank.with(own), own(lengths), norms.copy(), base)
    }

    package func apply(_ linear: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        let p = lowRank.config.dropout
        guard pass.isTraining, p > 0 else {
            return pass.rescale(
                try changed(linear, x, pass), by: lengths, over: norms, bias: linear.bias)
        }
        let dropped = pass.dropout(x, p: p, at: lowRank.site)
        let rest = pass.dropoutRest(x, p: p, at: lowRank.site)
        let untouched = lowRank.lessened(try linear.plain(rest, pass), for: rest, pass)
        return pass.rescale(
            try changed(linear, dropped, pass), by: lengths, over: norms, adding: untouched)
    }

    /// `W·x + s·B·A·x`, without the bias.
    private func changed(_ linear: Linear, _ x: Tensor, _ pass: Pass) throws -> Tensor {
        let product = try pass.linear(x, weight: linear.weight, layout: linear.layout)
        let lessened = lowRank.lessened(product, for: x, pass)
        return pass.addLowRank(
            to: lessened, from: x, a: lowRank.a, b: lowRank.b, scale: lowRank.config.scale, dropout: 0,
            at: lowRank.site)
    }

    // MARK: - Lengths

    /// Takes the lengths of the rows anew: `‖W + C·D‖² = ‖W‖² + 2·C·(D·Wᵀ) + C·(D·Dᵀ)·Cᵀ` row by row, with C·D the
    /// change, so that no matrix of the weight's size is made.
    package func prepare(_ linear: Linear) throws {
        let squares = linear.weight === base.weight ? base.squares : Self.squares(of: linear)
        var terms = [(a: lowRank.a, b: lowRank.b, scale: Double(lowRank.config.scale))]
        if let start = lowRank.start { terms.append((start.a, start.b, -1)) }
        let (inputs, outputs) = (linear.inputs, linear.outputs)
        let rows = terms.flatMap { $0.a.dense().floats.prefix($0.a.count) }
        let rank = rows.count / inputs
        let directions = Tensor(rows, rows: rank, columns: inputs)
        let pass = Pass(Layout(lengths: [rank]))
        let products = try pass.linear(directions, weight: linear.weight, layout: linear.layout).floats
        var gram = [Double](repeating: 0, count: rank * rank)
        for one in 0..<rank {
            for other in 0...one {
                var sum = 0.0
                for column in 0..<inputs {
                    sum += Double(rows[one * inputs + column]) * Double(rows[other * inputs + column])
                }
                (gram[one * rank + other], gram[other * rank + one]) = (sum, sum)
            }
        }
        let factors = terms.map { (values: $0.b.dense(), rank: $0.b.columns, scale: $0.scale) }
        var row = [Double](repeating: 0, count: rank)
        for output in 0..<outputs {
            var place = 0
            for factor in factors {
                for index in 0..<factor.rank {
                    row[place] = factor.scale * Double(factor.values.pointer[output * factor.rank + index])
                    place += 1
                }
            }
            var square = squares[output]
            for one in 0..<rank where row[one] != 0 {
                var sum = 2 * Double(products[one * outputs + output])
                for other in 0..<rank { sum += gram[one * rank + other] * row[other] }
                square += row[one] * sum
            }
            norms.pointer[output] = Float(max(square, 0).squareRoot())
        }
    }

    /// The squared lengths of a weight's rows, as (out, in).
    private static func squares(of linear: Linear) -> [Double] {
        let (inputs, outputs) = (linear.inputs, linear.outputs)
        var sums = [Double](repeating: 0, count: outputs)
        let weight = linear.weight
        let scratch = Buffer(count: weight.columns)
        for row in 0..<weight.rows {
            weight.withRows(row..<row + 1, scratch: scratch) { values in
                switch linear.layout {
                case .outByIn:
                    for column in 0..<inputs { sums[row] += Double(values[column]) * Double(values[column]) }
                case .inByOut:
                    for column in 0..<outputs {
                        sums[column] += Double(values[column]) * Double(values[column])
                    }
                }
            }
        }
        return sums
    }

    /// The changed product, which the magnitudes' gradient is of, and what dropout has made of the input.
    package func keptColumns(of base: Linear) -> Int {
        lowRank.keptColumns(of: base) + base.outputs + (lowRank.config.dropout > 0 ? base.inputs : 0)
    }

    package func merged(_ values: LinearValues) -> LinearValues? {
        guard let changed = lowRank.merged(values) else { return nil }
        let (weight, layout) = (changed.weight.pointer, changed.layout)
        let magnitudes = lengths.dense()
        for output in 0..<changed.outputs {
            func place(_ input: Int) -> Int {
                layout == .outByIn ? output * changed.inputs + input : input * changed.outputs + output
            }
            let square = (0..<changed.inputs).reduce(0.0) {
                $0 + Double(weight[place($1)]) * Double(weight[place($1)])
            }
            guard square > 0 else { continue }
            let factor = Float(Double(magnitudes.pointer[output]) / square.squareRoot())
            for input in 0..<changed.inputs { weight[place(input)] *= factor }
        }
        return changed
    }
}
