import Diagnostics
import Dispatch
import Foundation
import Language
import Synchronization
import Testing

@testable import Commands

@Suite struct LeasesTests {
    private let leases = Leases(now: { 0 })
    private let interruption = Interruption()
    private let place = SourceSpan(0, 1)

    private func hold<Result>(
        _ verb: String, _ resources: Set<Resource>, isLong: Bool = false, inside outer: Lease? = nil,
        _ work: () throws -> Result
    ) throws -> Result {
        try leases.hold(
            Lease(verb, resources, isLong: isLong, inside: outer), at: place, interruption: interruption,
            work)
    }

    private func problem(_ work: () throws -> Void) -> Diagnostic? {
        do { try work() } catch { return error as? Diagnostic }
        return nil
    }

    @Test func besideALongOneOthersAreRefusedAtOnce() throws {
        try hold("train", [.model, .data], isLong: true) {
            let problem = problem { try hold("load", [.data, .results]) {} }
            #expect(problem?.code == "busy")
            #expect(problem?.message == "load needs the data, and train is at work on it")
            let both = self.problem { try hold("open", [.model, .data]) {} }
            #expect(both?.message == "open needs the model and the data, and train is at work on them")
            #expect(leases.holders.map(\.verb) == ["train"])
        }
        #expect(try hold("load", [.data]) { 3 } == 3)
        #expect(leases.holders.isEmpty)
    }

    /// The short one ends at the second look of the one that waits, so that it has waited for certain.
    @Test func besideAShortOneOthersWait() throws {
        let (isHeld, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let order = Mutex<[String]>([])
        let looks = Atomic<Int>(0)
        let leases = Leases(
            now: { 0 },
            pause: {
                if looks.add(1, ordering: .relaxed).newValue == 2 { mayEnd.signal() }
                _ = sched_yield()
            })
        let (interruption, place) = (interruption, place)
        DispatchQueue.global().async {
            try? leases.hold(Lease("lora", [.model], isLong: false), at: place, interruption: interruption) {
                isHeld.signal()
                mayEnd.wait()
                order.withLock { $0.append("lora") }
            }
        }
        isHeld.wait()
        try leases.hold(Lease("evaluate", [.model], isLong: true), at: place, interruption: interruption) {
            order.withLock { $0.append("evaluate") }
        }
        #expect(order.withLock { $0 } == ["lora", "evaluate"])
        #expect(looks.load(ordering: .relaxed) >= 2)
    }

    /// The clock goes on by a tenth of a second with each look.
    @Test func whatIsWaitedForIsSaidOnceAfterAMoment() throws {
        let time = Atomic<Int>(0)
        let stops = Interruption()
        let notes = Mutex<[(at: Int, text: String)]>([])
        let leases = Leases(
            now: { Double(time.load(ordering: .relaxed)) / 10 },
            pause: { if time.add(1, ordering: .relaxed).newValue == 30 { stops.request() } })
        let model = Lease("model", [.model, .data], isLong: false)
        let train = Lease("train", [.model, .data], isLong: true)
        let note = { text in notes.withLock { $0.append((time.load(ordering: .relaxed), text)) } }
        try leases.hold(model, at: place, interruption: interruption) {
            #expect(throws: Interrupted.self) {
                try leases.hold(train, at: place, interruption: stops, note: note) {}
            }
            return
        }
        let said = notes.withLock { $0 }
        #expect(said.map(\.text) == ["train waits for model, which is at work on the model and the data"])
        #expect(said.map(\.at) == [Int(Leases.silence * 10)])
    }

    @Test func whoeverWaitsCanBeInterrupted() throws {
        try hold("lora", [.model]) {
            interruption.request()
            #expect(throws: Interrupted.self) { try hold("full", [.model]) {} }
        }
        #expect(leases.holders.isEmpty)
    }

    @Test func whatIsNotExclusiveNeedsNoLease() throws {
        try hold("set", [.settings, .variables, .results]) {
            #expect(leases.holders.isEmpty)
            try hold("reset", [.settings, .variables, .results]) {}
        }
    }

    @Test func differentThingsAreHeldBesideEachOther() throws {
        try hold("lora", [.model]) {
            let holders = try hold("load", [.data]) { leases.holders.map(\.verb) }
            #expect(holders == ["lora", "load"])
        }
    }

    @Test func statementsInABlockHaveWhatTheBlockHas() throws {
        let block = Lease("sweep", [.model, .data], isLong: true)
        try leases.hold(block, at: place, interruption: interruption) {
            let inside = try hold("train", [.model, .data], isLong: true, inside: block) { 3 }
            #expect(inside == 3)
            #expect(leases.holders.map(\.verb) == ["sweep"])
            // One that needs less is no way to lose what the outermost has.
            let inner = Lease("meta", [.model], isLong: true, inside: block)
            try leases.hold(inner, at: place, interruption: interruption) {
                #expect(leases.holders(beside: inner).isEmpty)
                let needed = try hold("load", [.data], inside: inner) { 4 }
                #expect(needed == 4)
            }
            #expect(leases.holders.map(\.verb) == ["sweep"])
        }
        #expect(leases.holders.isEmpty)
    }

    @Test func whatABlockLacksIsTakenForItsStatement() throws {
        let block = Lease("sweep", [.model], isLong: false)
        try leases.hold(block, at: place, interruption: interruption) {
            let during = try hold("train", [.model, .data], inside: block) { leases.holders.map(\.verb) }
            #expect(during == ["sweep", "train"] && leases.holders.map(\.verb) == ["sweep"])
        }
    }

    /// Two blocks that wait for what the other has would wait for ever.
    @Test func whoeverHasSomethingDoesNotWaitForMore() throws {
        let block = Lease("sweep", [.model], isLong: false)
        try leases.hold(block, at: place, interruption: interruption) {
            try hold("load", [.data]) {
                let problem = problem { try hold("train", [.model, .data], inside: block) {} }
                #expect(problem?.message == "train needs the data, and load is at work on it")
            }
        }
    }

    @Test func whateverEndsAStatementEndsItsLease() {
        #expect(throws: Diagnostic.self) { try hold("lora", [.model]) { throw Diagnostic("failed", "no") } }
        #expect(leases.holders.isEmpty)
    }
}
