import Testing

@testable import Compute

@Suite struct BufferPoolTests {
    private let pool = BufferPool()

    /// Asks for so many floats at once and gives them back.
    private func use(_ counts: Int...) {
        let taken = counts.map { pool.take($0) }
        for (pointer, capacity) in taken { pool.give(pointer, capacity: capacity) }
    }

    @Test func aSteadyRunAllocatesInItsFirstStepOnly() {
        let run = StepMeter(pool: pool)
        run.step { use(1000, 1 << 20, 3 << 20) }
        let first = pool.freshAllocations
        for _ in 0..<20 { run.step { use(1000, 1 << 20, 3 << 20) } }
        #expect(pool.freshAllocations == first)
    }

    @Test func aSizeThatComesLateIsKeptToo() {
        let run = StepMeter(pool: pool)
        for _ in 0..<10 { run.step { use(1000) } }
        for _ in 0..<5 { run.step { use(1 << 20) } }
        #expect(pool.freshAllocations == 2)
    }

    @Test func whatThreeStepsDidNotAskForGoesBack() {
        let run = StepMeter(pool: pool)
        run.step { use(1 << 20) }
        for _ in 0..<3 { run.step { use(1000) } }
        #expect(pool.bytesFree > 4 << 20)
        for _ in 0..<2 { run.step { use(1000) } }
        #expect(pool.bytesFree < 1 << 20)
    }

    @Test func aQuickRunTakesNothingFromASlowOne() {
        let (slow, quick) = (StepMeter(pool: pool), StepMeter(pool: pool))
        func slowStep() {
            slow.step {
                use(1 << 20, 1 << 20, 3 << 20)
                for _ in 0..<50 { quick.step { use(1000) } }
                use(5 << 20)
            }
        }
        slowStep()
        let first = pool.freshAllocations
        for _ in 0..<10 { slowStep() }
        #expect(pool.freshAllocations == first)
    }

    @Test func twoRunsInTurnAgeWhatNeitherAsksFor() {
        let (one, other) = (StepMeter(pool: pool), StepMeter(pool: pool))
        one.step { use(1 << 20) }
        for _ in 0..<10 {
            one.step { other.step { use(1000) } }
            other.step { one.step { use(1000) } }
        }
        #expect(pool.bytesFree < 1 << 20)
    }

    /// One that has failed within a step, or waits for somebody to go on with it.
    @Test func aRunThatStandsStillKeepsNoMemory() {
        struct Stop: Error {}
        let (still, lively) = (StepMeter(pool: pool), StepMeter(pool: pool))
        #expect(throws: Stop.self) {
            try still.step {
                use(1 << 20)
                throw Stop()
            }
        }
        for _ in 0..<6 { lively.step { use(1000) } }
        #expect(pool.bytesFree < 1 << 20)
        withExtendedLifetime(still) {}
    }

    /// Free blocks of the wrong sizes may be held beside what a step needs, but not for long.
    @Test func sizesThatChangeDoNotPileUp() {
        let run = StepMeter(pool: pool)
        for step in 0..<40 { run.step { use((4 + step) << 20) } }
        // The largest step needs 172 MB.
        #expect(pool.bytesFree < 200 << 20)
    }
}
