import Diagnostics
import Testing

@testable import Training

@Suite struct VerdictsTests {
    /// Both orders for the first, both for the second, each for what stands first, both even, one that said nothing.
    private let verdicts = Verdicts(
        by: "stub", given: [80, 10, 90, 50, nil, 60], swapped: [30, 95, 70, 50, 20, 50])

    @Test func aVerdictCountsWhereBothOrdersAgree() {
        #expect(verdicts.verdicts == [.first, .second, .undecided, .even, nil, .undecided])
        #expect(verdicts.judged == 5 && verdicts.dropped == 1)
        #expect(verdicts.agreement.value == 3.0 / 5 && verdicts.secondWins.value == 0.5)
    }

    @Test func thePlaceIsToldFromTheAnswer() {
        // Preferred first: 80, 95, 90, 70 and 60, of these and 10, 30; 50 prefers none.
        #expect(verdicts.firstPlace.value == 5.0 / 7)
    }

    @Test func thePreferenceIsTheMeanOfBothOrders() throws {
        #expect(verdicts.preferences == [25, 92.5, 40, 50, nil, 45])
        let figure = try #require(try verdicts.preference(seed: 1, interruption: Interruption()))
        #expect(abs(figure.value - 50.5) < 1e-12 && figure.interval?.contains(50.5) == true)
        let none = Verdicts(by: "mute", given: [nil], swapped: [3])
        #expect(try none.preference(seed: 1, interruption: Interruption()) == nil && none.judged == 0)
    }

    @Test func twoJudgesAreHeldAgainstEachOther() {
        let other = Verdicts(
            by: "other", given: [90, 90, 50, 50, 50, 10], swapped: [10, 10, 50, 50, 50, 10])
        let same = verdicts.same(as: other)
        #expect(
            same.count == 3 && same.of == 5, "first, even, and the last, where neither agrees with itself")
    }
}

@Suite struct RatingsTests {
    @Test func whatWasNotRatedIsCountedAndLeftOut() throws {
        let ratings = Ratings(by: "stub", [10, nil, 30])
        let mean = try #require(try ratings.mean(seed: 1, interruption: Interruption()))
        #expect(mean.value == 20 && ratings.dropped == 1 && mean.interval == 10...30)
        #expect(try Ratings(by: "mute", [nil]).mean(seed: 1, interruption: Interruption()) == nil)
    }
}
