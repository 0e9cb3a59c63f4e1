import Compute
import Testing

@testable import Learning

/// A number from data that leads outside a table ends the process with the numbers, and reads nothing.
@Suite struct BoundsTests {
    @Test func aRowBeforeTheFirstIsNotGathered() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor([Float](repeating: 1, count: 6), rows: 3, columns: 2)
            _ = Pass(Layout(lengths: [3])).gather(x, rows: [0, -1])
        }
    }

    @Test func aRowAfterTheLastIsNotGathered() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor([Float](repeating: 1, count: 6), rows: 3, columns: 2)
            _ = Pass(Layout(lengths: [3])).gather(x, rows: [3])
        }
    }

    @Test func aTokenOutsideTheTableIsNotEmbedded() async {
        await #expect(processExitsWith: .failure) {
            let table = Parameter(name: "table", shape: [4, 2], buffer: Buffer(zeros: 8))
            _ = Pass(Layout(lengths: [1])).embed([4], table: table)
        }
    }

    @Test func aLabelWithoutAClassIsNotScored() async {
        await #expect(processExitsWith: .failure) {
            let logits = Tensor([0, 0, 0], rows: 1, columns: 3)
            _ = CrossEntropy.losses(of: logits, labels: [3])
        }
    }

    @Test func attentionLooksAtNoMoreThanItsColumns() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor([Float](repeating: 1, count: 8), rows: 2, columns: 4)
            _ = try Pass(Layout(lengths: [2])).attention(
                q: Columns(x), k: Columns(x), v: Columns(x, offset: 2),
                shape: AttentionShape(heads: 1, headWidth: 4, isCausal: true))
        }
    }
}
