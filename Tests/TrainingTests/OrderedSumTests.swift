import Compute
import Diagnostics
import Foundation
import Synchronization
import Testing

@testable import Training

@Suite struct OrderedSumTests {
    /// 1 + 2⁻²⁴ depends on the order: small shares before the large one, or after it.
    private static func value(_ index: Int) -> Float { index == 0 ? 1 : 0x1p-24 }

    @Test func noMoreSharesAreKeptThanTheLimitSays() throws {
        let workers = Workers(count: 4)
        defer { workers.close() }
        let sum = OrderedSum(counts: [1], limit: 3)
        let arrived = Atomic<Int>(0)
        workers.run(64) { index in
            // The first share comes last: three others are kept, and three more are at the door.
            if index == 0 { while arrived.load(ordering: .acquiring) < 6 { _ = sched_yield() } }
            arrived.add(1, ordering: .releasing)
            sum.add([Buffer([Self.value(index)])], loss: 1, at: index)
        }
        #expect(sum.peak <= 3)
        let (gradients, loss) = try sum.result()
        #expect(loss == 64)
        // In order, each small one is lost on the large one.
        #expect(gradients[0].pointer[0] == 1)
    }

    @Test func aFailureLetsThoseGoThatWait() {
        let workers = Workers(count: 4)
        defer { workers.close() }
        let sum = OrderedSum(counts: [1], limit: 1)
        let arrived = Atomic<Int>(0)
        workers.run(16) { index in
            guard index > 0 else {
                while arrived.load(ordering: .acquiring) < 4 { _ = sched_yield() }
                return sum.fail(Interrupted(), at: 0)
            }
            arrived.add(1, ordering: .releasing)
            sum.add([nil], loss: 1, at: index)
        }
        #expect(throws: Interrupted.self) { _ = try sum.result() }
    }
}
