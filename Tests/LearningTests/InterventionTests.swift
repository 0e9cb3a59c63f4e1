import Compute
import System
import Testing

@testable import Learning

@Suite struct InterventionTests {
    private let layout = Layout(lengths: [6, 1, 5], identities: [4, 9, 2], prompts: [6, 1, 3])
    private static let width = 7

    init() throws { try BLAS.prepare() }

    private static func intervention(
        _ kind: Intervention.Kind, rank: Int = 3, hasBias: Bool = false, path: String = "block.reft"
    ) -> Intervention {
        Intervention(
            path: path, kind: kind, width: width, rank: rank, hasDirectionBias: hasBias, seed: 5)
    }

    @Test(arguments: Intervention.Kind.allCases, [0, 0.3 as Float])
    func everyKindPassesItsGradientOn(kind: Intervention.Kind, dropout: Float) throws {
        let own = Self.intervention(kind, hasBias: true)
        #expect((own.directionBias != nil) == (kind == .noreft))
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(12, Self.width, seed: 2)], parameters: own.parameters
        ) { $0.intervene($1[0], at: [0, 5, 7, 11], by: own, dropout: dropout) }
    }

    @Test(arguments: [ReFTPlaces(2, 0), ReFTPlaces(0, 2), ReFTPlaces(3, 2), ReFTPlaces(3, 2, isShared: true)])
    func aHookPassesItsGradientOn(places: ReFTPlaces) throws {
        let hook = places.hook(Self.intervention)
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(12, Self.width, seed: 3)], parameters: hook.parameters
        ) { try hook.adjust($1[0], $0) }
    }

    struct ReFTPlaces: Sendable {
        let first, last: Int
        let isShared: Bool
        init(_ first: Int, _ last: Int, isShared: Bool = false) {
            (self.first, self.last, self.isShared) = (first, last, isShared)
        }

        func hook(_ make: (Intervention.Kind, Int, Bool, String) -> Intervention) -> ReFT {
            let count = isShared || first == 0 || last == 0 ? 1 : 2
            return ReFT(
                first: first, last: last,
                interventions: (0..<count).map { make(.loreft, 2, false, "block.reft.\($0)") }, dropout: 0)
        }
    }

    /// Half of a prompt's tokens at most at each end, and none of an answer's.
    @Test(arguments: [ReFTPlaces(9, 1), ReFTPlaces(2, 2), ReFTPlaces(0, 9), ReFTPlaces(9, 9, isShared: true)])
    func onlyAPromptsEndsAreChanged(places: ReFTPlaces) throws {
        let x = randomTensor(12, Self.width, seed: 4)
        let out = try places.hook(Self.intervention).adjust(x, Pass(layout))
        var changed: Set<Int> = []
        for (start, prompt) in [(0, 6), (6, 1), (7, 3)] {
            changed.formUnion((0..<min(places.first, prompt / 2)).map { start + $0 })
            changed.formUnion((0..<min(places.last, prompt / 2)).map { start + prompt - 1 - $0 })
        }
        for row in 0..<12 {
            let isSame = (0..<Self.width).allSatisfy { x[row, $0] == out[row, $0] }
            #expect(isSame != changed.contains(row), "row \(row)")
        }
    }

    @Test func dropoutActsOnTheWholeOfAChangedToken() {
        let own = Self.intervention(.loreft)
        let x = randomTensor(12, Self.width, seed: 5)
        func out(_ p: Float, rows: [Int]) -> Tensor {
            Pass(layout, training: .init(seed: 3, step: 1)).intervene(x, at: rows, by: own, dropout: p)
        }
        let (plain, dropped) = (out(0, rows: [2, 8]), out(0.5, rows: [2, 8]))
        var zeros = 0
        for row in [2, 8] {
            for column in 0..<Self.width {
                let value = dropped[row, column]
                zeros += value == 0 ? 1 : 0
                #expect(value == 0 || value == 2 * plain[row, column])
            }
        }
        #expect(zeros > 2 && zeros < 12)
        #expect((0..<Self.width).allSatisfy { dropped[3, $0] == x[3, $0] })
        // Which ones does not depend on what else is changed.
        let others = out(0.5, rows: [1, 8])
        #expect((0..<Self.width).allSatisfy { others[8, $0] == dropped[8, $0] })
    }

    @Test(arguments: [(5, 1), (40, 9), (7, 7)]) func projectedColumnsAreOrthonormal(shape: (Int, Int)) {
        let (rows, columns) = shape
        let matrix = randomParameter("R", [rows, columns], seed: 8)
        let before = matrix.dense().floats
        Orthonormal.project(matrix)
        let q = matrix.dense().floats
        for one in 0..<columns {
            for other in 0..<columns {
                let product = (0..<rows).reduce(0.0) {
                    $0 + Double(q[$1 * columns + one]) * Double(q[$1 * columns + other])
                }
                #expect(abs(product - (one == other ? 1 : 0)) < 1e-6)
            }
            // It points as it did.
            let along = (0..<rows).reduce(0.0) {
                $0 + Double(q[$1 * columns + one]) * Double(before[$1 * columns + one])
            }
            #expect(along > 0)
        }
        Orthonormal.project(matrix)
        for (again, value) in zip(matrix.dense().floats, q) { #expect(abs(again - value) < 1e-6) }
    }

    @Test func whatHasNoLengthStaysAsItIs() {
        let zero = Parameter(name: "R", shape: [3, 2], buffer: Buffer([1, 0, 0, 0, 0, 0]))
        Orthonormal.project(zero)
        #expect(zero.dense().floats == [1, 0, 0, 0, 0, 0])
        let odd = Parameter(name: "R", shape: [2, 1], buffer: Buffer([.nan, 1]))
        Orthonormal.project(odd)
        #expect(odd.dense().floats[1] == 1)
    }

    @Test func directionsAreBackAfterAStep() throws {
        let own = Self.intervention(.direft)
        let optimizer = AdamW(
            own.groups, SettingValues(AdamW.declaration.settings, ["weight_decay": .number(0.1)]),
            workers: nil)
        let gradients = own.groups.flatMap(\.parameters).map { parameter in
            randomTensor(1, parameter.count, seed: 6).buffer as Buffer?
        }
        let before = own.directions.dense().floats
        optimizer.step(gradients: gradients, gradientScale: 1, lr: 0.1)
        let after = own.directions.dense().floats
        #expect(before != after)
        for column in 0..<3 {
            let length = (0..<Self.width).reduce(Float(0)) {
                $0 + after[$1 * 3 + column] * after[$1 * 3 + column]
            }
            #expect(abs(length - 1) < 1e-5)
        }
    }
}
