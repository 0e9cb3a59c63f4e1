import Testing

@testable import Training

@Suite struct CalibrationErrorTests {
    /// By hand: bin (0.9, 1] holds 0.95 right, 0.97 right, 0.92 wrong: |2/3 - 0.9466…|·3/5 = |2 - 2.84|/5 = 0.168;
    /// bin (0.5, 0.6] holds 0.6 right, 0.52 wrong: |1 - 1.12|/5 = 0.024.
    @Test func itIsTheMeanDistanceOfProbabilityAndOutcomeByBin() throws {
        var error = CalibrationError()
        #expect(error.value == nil)
        for (probability, isRight) in [(0.95, true), (0.6, true), (0.92, false), (0.52, false), (0.97, true)]
        {
            error.add(probability: probability, isRight: isRight)
        }
        #expect(abs(try #require(error.value) - 0.192) < 1e-12)
    }

    @Test func theEndsHaveBins() throws {
        var sure = CalibrationError()
        sure.add(probability: 1, isRight: true)
        sure.add(probability: 0, isRight: false)
        #expect(sure.value == 0)
        sure.add(probability: 1, isRight: false)
        #expect(abs(try #require(sure.value) - 1.0 / 3) < 1e-12)
    }
}
