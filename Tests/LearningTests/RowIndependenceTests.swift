import CVectorMath
import Compute
import Foundation
import Learning
import Testing

/// A row's bytes do not depend on its neighbours: every operation, forward and backward, alone and in the
/// company of up to 63 other rows.
@Suite struct RowIndependenceTests {
    init() throws { try BLAS.prepare() }

    @Test(arguments: products + elementwise + attentions + sequences)
    func rowsStandAlone(operation: RowOperation) throws {
        for mode in Company.Mode.allCases {
            for length in [1, 6] {
                let difference = try Company.difference(operation, mode, length: length)
                #expect(difference == nil, "\(operation.name), \(mode): \(difference ?? "")")
            }
        }
    }

    /// A wide pass cuts rows and columns into tiles when there are many.
    @Test func rowsStandAloneInAWidePass() throws {
        let weight = randomParameter("weight", [500, 450], seed: 1)
        let operation = RowOperation(name: "linear", widths: [450]) { pass, inputs in
            try pass.linear(inputs[0], weight: weight)
        }
        let alone = try Company().rows(of: 3, under: operation, .tracked)
        for (before, after) in [(0, 0), (400, 0), (90, 800), (7, 0)] {
            let rows = try Company(before: before, after: after)
                .rows(of: 3, under: operation, .tracked, workers: Workers(count: 2))
            for (found, wanted) in zip(rows, alone) { #expect(found.hasBits(of: wanted)) }
        }
    }

    #if arch(x86_64) && os(Linux)
        /// OpenBLAS's kernels that this processor can run.
        private static let cores: [String] = {
            let level = Int(lk_product_level())
            return ["Prescott", "Nehalem"] + (level >= lk_level_avx ? ["Sandybridge"] : [])
                + (level >= lk_level_avx2 ? ["Haswell", "Zen"] : [])
                + (level >= lk_level_avx512 ? ["SkylakeX"] : [])
        }()

        /// Attention multiplies within a sequence, by OpenBLAS too, whose kernels are chosen when it is loaded: each
        /// in a process of its own.
        @Test(arguments: cores)
        func attentionStandsAloneWithEachOfOpenBLASsKernels(core: String) async {
            await #expect(processExitsWith: .success) { [core = core as String] in
                setenv("OPENBLAS_CORETYPE", core, 1)
                try BLAS.prepare()
                for operation in RowIndependenceTests.attentions + RowIndependenceTests.products.prefix(3) {
                    for length in [1, 6, 140] {
                        guard try Company.difference(operation, .tracked, length: length) == nil else {
                            exit(1)
                        }
                    }
                }
            }
        }
    #endif
}

// MARK: - The operations

extension RowIndependenceTests {
    static let products: [RowOperation] =
        [(384, 384), (40, 24), (384, 2), (24, 61), (300, 1000)].flatMap { inputs, outputs in
            [WeightLayout.outByIn, .inByOut].map { layout in
                let shape = layout == .outByIn ? [outputs, inputs] : [inputs, outputs]
                let weight = randomParameter("weight", shape, seed: 1)
                let bias = randomParameter("bias", [outputs], seed: 2)
                return RowOperation(name: "linear \(inputs) to \(outputs), \(layout)", widths: [inputs]) {
                    try $0.linear($1[0], weight: weight, bias: bias, layout: layout)
                }
            }
        } + [panelled] + [1, 8, 16].map { lora(rank: $0) }

    /// Expanded a panel of 256 rows at a time.
    private static let panelled: RowOperation = {
        let values = randomParameter("weight", [600, 48], seed: 3)
        let weight = Parameter(
            name: "weight", storage: DenseWeights(shape: [600, 48], values: values.dense()))
        return RowOperation(name: "linear of a stored weight", widths: [48]) {
            try $0.linear($1[0], weight: weight)
        }
    }()

    private static func lora(rank: Int) -> RowOperation {
        let weight = randomParameter("weight", [384, 96], seed: 1)
        let a = randomParameter("a", [rank, 96], seed: 4)
        let b = randomParameter("b", [128, rank], seed: 5)
        return RowOperation(name: "LoRA of rank \(rank)", widths: [96]) { pass, inputs in
            let y = try pass.linear(inputs[0], weight: weight)
            return pass.addLowRank(
                to: y, from: inputs[0], a: a, b: b, scale: 2, dropout: 0.3, at: RandomSite("x"), offset: 128)
        }
    }

    static let elementwise: [RowOperation] =
        [37, 384].flatMap { width -> [RowOperation] in
            let (weight, bias) = (
                randomParameter("weight", [width], seed: 9), randomParameter("bias", [width], seed: 10)
            )
            let square = randomParameter("square", [width, width], seed: 11)
            let activations = Activation.allCases.flatMap { activation in
                [
                    RowOperation(name: "\(activation.rawValue) of \(width)", widths: [width]) {
                        $0.activate($1[0], activation)
                    },
                    // Over the product's memory, where nobody needs that again.
                    RowOperation(name: "linear, \(activation.rawValue) of \(width)", widths: [width]) {
                        $0.activate(try $0.linear($1[0], weight: square), activation)
                    },
                ]
            }
            return activations + [
                RowOperation(name: "gated unit of \(width)", widths: [width, width]) {
                    $0.swiglu(gate: $1[0], up: $1[1])
                },
                RowOperation(name: "layer norm of \(width)", widths: [width]) {
                    $0.layerNorm($1[0], weight: weight, bias: bias, epsilon: 1e-5)
                },
                RowOperation(name: "RMS norm of \(width)", widths: [width]) {
                    $0.rmsNorm($1[0], weight: weight, epsilon: 1e-5)
                },
                RowOperation(name: "residual and norm of \(width)", widths: [width, width]) {
                    let sum = $0.add($1[0], $1[1])
                    return $0.add(sum, $0.layerNorm(sum, weight: weight, bias: bias, epsilon: 1e-5))
                },
                RowOperation(name: "scaling of \(width)", widths: [width]) { $0.scale($1[0], by: weight) },
                RowOperation(name: "dropout of \(width)", widths: [width]) {
                    $0.dropout($1[0], p: 0.4, at: RandomSite("x"))
                },
            ]
        }

    static let attentions: [RowOperation] = [(4, 4, 32, true), (3, 3, 64, false), (6, 2, 5, true)].map {
        (heads: Int, keyValueHeads: Int, d: Int, isCausal: Bool) in
        let shape = AttentionShape(
            heads: heads, keyValueHeads: keyValueHeads, headWidth: d, isCausal: isCausal)
        return RowOperation(
            name: "attention of \(heads) by \(keyValueHeads) heads, \(isCausal ? "causal" : "both ways")",
            widths: [heads * d, keyValueHeads * d, keyValueHeads * d]
        ) { try $0.attention(q: Columns($1[0]), k: Columns($1[1]), v: Columns($1[2]), shape: shape) }
    }

    static let sequences: [RowOperation] =
        Pooling.allCases.map { pooling in
            RowOperation(name: "pooling, \(pooling.rawValue)", widths: [37]) { $0.pool($1[0], pooling) }
        } + [
            RowOperation(name: "rotation", widths: [40]) {
                $0.add($1[0], $0.rotate($0.activate($1[0], .tanh), heads: 2, table: rotary))
            },
            RowOperation(name: "positions", widths: [24]) {
                $0.add($1[0], $0.embed($0.layout.positions, table: positions))
            },
            RowOperation(name: "a head", widths: [96]) {
                let pooled = $0.activate(try $0.linear($0.pool($1[0], .cls), weight: dense), .tanh)
                return try $0.linear($0.dropout(pooled, p: 0.1, at: RandomSite("x")), weight: classifier)
            },
        ]

    private static let rotary = RotaryTable(frequencies: (0..<10).map { 1 / Double($0 + 1) })
    private static let positions = randomParameter("positions", [160, 24], seed: 12)
    private static let dense = randomParameter("dense", [96, 96], seed: 13)
    private static let classifier = randomParameter("classifier", [2, 96], seed: 14)
}
