import Foundation
import Testing

@testable import Training

/// A line of a run's table as it stands in files.
@Suite struct RunLineTests {
    private static let judged =
        #""validation":{"data":"d","split":"test","metrics":{"count":1,"loss":0.5,"figures":[]},"tokens":3,"seconds":"00000000001.000000","seen":0,"isSeenWhole":true}"#

    private func read(_ text: String) throws -> RunLine {
        try JSONDecoder().decode(RunLine.self, from: Data(text.utf8))
    }

    /// States of before had three kinds of records, each with keys of its own.
    @Test func linesOfThreeKindsAreRead() throws {
        let epoch = try read(#"{"epoch":2,"steps":6,"trainLoss":0.7,"seconds":"00000000003.500000"}"#)
        #expect(epoch.epoch == 2 && epoch.steps == 6 && epoch.trainLoss == 0.7 && epoch.seconds == 3.5)
        #expect(epoch.validation == nil && epoch.others.isEmpty && epoch.samples.isEmpty && !epoch.isUntuned)
        let untuned = try read(#"{"isUntuned":true,"seconds":2,\#(Self.judged)}"#)
        #expect(untuned.epoch == 0 && untuned.steps == 0 && untuned.trainLoss == nil && untuned.isUntuned)
        #expect(untuned.validation?.loss == 0.5)
        let within = try read(#"{"epoch":1.25,"steps":5,"trainLoss":0.6,"seconds":1,\#(Self.judged)}"#)
        #expect(within.epoch == 1.25 && within.validation?.split == .test)
    }

    @Test func oneThatIsWrittenIsReadAsItWas() throws {
        var line = try read(#"{"epoch":1.25,"steps":5,"trainLoss":0.6,"seconds":1.5,\#(Self.judged)}"#)
        for _ in 0..<2 {
            let text = String(decoding: try JSONEncoder().encode(line), as: UTF8.self)
            #expect(try read(text) == line)
            #expect(text.contains(#""seconds":"00000000001.500000""#) && !text.contains("samples\":[]"))
            line.samples = [SampleAnswer(index: 0, text: "t", truth: "a", answer: "b", probability: 0.5)]
            line.others = [SetResult(name: "test", result: try #require(line.validation))]
        }
        // A whole number stays one, as it was written before.
        line.epoch = 2
        let text = String(decoding: try JSONEncoder().encode(line), as: UTF8.self)
        #expect(text.contains(/"epoch":2[,}]/))
    }
}
