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
        #expect(jsonl.train.count == 987, "one has an empty title")
        #expect(jsonl.train.allSatisfy { $0.answer?.isEmpty == false && !$0.text.isEmpty })
        var summaries = DatasetRequest(
            name: "reddit_tifu", path: sharedData("reddit_tifu/tifu.jsonl"), validation: 0, test: 0)
        summaries.answerColumn = "tldr"
        #expect(try scratch.load(summaries).train.count == 345)
    }

    @Test(.enabled(if: sharedData("alpaca") != nil, "needs shared/data/alpaca"))
    func instructionsHaveAnswers() throws {
        let dataset = try scratch.load(.init(name: "alpaca", path: sharedData("alpaca/alpaca_5000.json")))
        #expect(dataset.train.count == 3498, "two rows without an answer are dropped")
        #expect(dataset.shape == .answers)
        #expect(dataset.train.allSatisfy { $0.answer?.isEmpty == false && $0.label == nil })
        #expect(dataset.train.allSatisfy { $0.instruction != nil && $0.fields.isEmpty })
    }

    @Test(.enabled(if: sharedData("hh_rlhf") != nil, "needs shared/data/hh_rlhf"))
    func dialoguesSplitIntoPromptAndAnswers() throws {
        let path = sharedData("hh_rlhf/helpful-base-test.jsonl.gz")
        let dataset = try scratch.load(.init(name: "hh_rlhf", path: path, validation: 0, test: 0))
        #expect(dataset.shape == .preferences)
        #expect(dataset.train.count > 2300)
        for example in dataset.train {
            #expect(example.turns.last?.role == .user && example.answer != example.rejected)
        }
    }

    @Test(.enabled(if: sharedData("preferences_demo") != nil, "needs shared/data/preferences_demo"))
    func turnsOfShareGPTAreTheBeginning() throws {
        let path = sharedData("preferences_demo/dpo_en_demo.json")
        let dataset = try scratch.load(.init(name: "preferences", path: path, validation: 0, test: 0))
        #expect(dataset.train.count == 300)
        #expect(dataset.train.allSatisfy { $0.turns.last?.role == .user && $0.rejected != nil })
        #expect(dataset.notes.allSatisfy { !$0.contains("nested") })
    }

    @Test(.enabled(if: sharedData("imdb") != nil, "needs shared/data/imdb"))
    func theOfficialTestHalfAloneIsRead() throws {
        let path = try #require(sharedData("imdb/test.jsonl.gz"))
        let dataset = try scratch.load(.init(path: path, train: 200, test: 100))
        #expect(dataset.labelColumn == "label")
        #expect(dataset.counts(in: .test) == [50, 50])
    }
}
