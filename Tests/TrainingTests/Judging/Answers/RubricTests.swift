import Testing

@testable import Training

@Suite struct RubricTests {
    @Test(arguments: [
        ("85", 85.0), ("Rating: 85.", 85), ("85/100", 85), ("85 out of 100", 85), (" 7.5\n", 7.5),
        ("100", 100),
        ("I give it 40. Yes, 40!", 40), ("0", 0),
    ])
    func aNumberIsRead(reply: String, rating: Double) {
        #expect(Rubric.alone.rating(in: reply) == rating)
    }

    /// Nothing is guessed at: no number, several, one of another scale, one outside.
    @Test(arguments: ["", "good", "between 70 and 80", "8/10", "8 out of 10", "-5", "101", "1e9"])
    func whatIsNoRatingIsNone(reply: String) {
        #expect(Rubric.alone.rating(in: reply) == nil)
    }

    @Test func oneOfTwoIsNamed() {
        #expect(Rubric.pair.rating(in: "1") == 100 && Rubric.pair.rating(in: "Answer 2 is better.") == 0)
        #expect(Rubric.pair.rating(in: "1 and 2") == nil && Rubric.pair.rating(in: "12") == nil)
    }

    @Test func whatIsRatedStandsUnderHeadings() {
        let answer = JudgedAnswer("yes", references: ["no"], source: "Is it?", other: "perhaps")
        #expect(Rubric.alone.input(answer) == "Request:\nIs it?\n\nAnswer:\nyes")
        #expect(Rubric.pair.input(answer) == "Request:\nIs it?\n\nAnswer 1:\nyes\n\nAnswer 2:\nperhaps")
        #expect(Rubric.alone.replies.map(\.rating) == stride(from: 0.0, through: 100, by: 10).map { $0 })
    }
}
