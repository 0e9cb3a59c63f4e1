import Datasets
import TestScratch
import Testing

/// Against the real files, where the machine has them.
@Suite struct RealDataTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(.enabled(if: sharedData("sms_spam") != nil, "needs shared/data/sms_spam"))
    func balancedMessagesSplitAsInTheBook() throws {
        let path = try #require(sharedData("sms_spam/SMSSpamCollection"))
        let dataset = try scratch.load(.init(name: "sms_spam", path: path, isBalanced: true))
        #expect([dataset.train, dataset.validation, dataset.test].map(\.count) == [1045, 149, 300])
        let whole = try scratch.load(.init(name: "sms_spam", path: path, validation: 0, test: 0))
        #expect(whole.counts(in: .train) == [4827, 747])
    }

    @Test(.enabled(if: sharedData("sick") != nil, "needs shared/data/sick"))
    func pairsKeepTheirDeclaredParts() throws {
        let path = try #require(sharedData("sick/sick.tsv"))
        let dataset = try scratch.load(.init(name: "sick", path: path))
        #expect([dataset.train, dataset.validation, dataset.test].map(\.count) == [4439, 495, 4906])
        #expect(dataset.labels == ["entailment", "neutral", "contradiction"])
        #expect(dataset.train.allSatisfy { $0.pair != nil })
    }

    @Test(.enabled(if: sharedData("reddit_tifu") != nil, "needs shared/data/reddit_tifu"))
    func storiesAreTheSameFromEitherFile() throws {
        let csv = try scratch.load(
            .init(name: "reddit_tifu", path: sharedData("reddit_tifu/tifu.csv"), validation: 0, test: 0))
        let jsonl = try scratch.load(
            .init(name: "reddit_tifu", path: sharedData("reddit_tifu/tifu.jsonl"), validation: 0, test: 0))
        #expect(csv.train.count == 988)
        #expect(jsonl.train.count == 988)
    }

    @Test(.enabled(if: sharedData("alpaca") != nil, "needs shared/data/alpaca"))
    func instructionsHaveAnswers() throws {
        let dataset = try scratch.load(.init(name: "alpaca", path: sharedData("alpaca/alpaca_5000.json")))
        #expect(dataset.train.count == 3500)
        #expect(dataset.train.allSatisfy { $0.fields["output"] != nil && $0.label == nil })
    }

    @Test(.enabled(if: sharedData("hh_rlhf") != nil, "needs shared/data/hh_rlhf"))
    func dialoguesSplitIntoPromptAndAnswers() throws {
        let path = sharedData("hh_rlhf/helpful-base-test.jsonl.gz")
        let dataset = try scratch.load(.init(name: "preferences", path: path, validation: 0, test: 0))
        #expect(dataset.train.count > 2300)
        #expect(dataset.train.allSatisfy { $0.text.hasSuffix("Assistant:") })
    }

    @Test(.enabled(if: sharedData("imdb") != nil, "needs shared/data/imdb"))
    func theOfficialTestHalfAloneIsRead() throws {
        let path = try #require(sharedData("imdb/test.jsonl.gz"))
        let dataset = try scratch.load(.init(path: path, train: 200, test: 100))
        #expect(dataset.labelColumn == "label")
        #expect(dataset.counts(in: .test) == [50, 50])
    }
}
