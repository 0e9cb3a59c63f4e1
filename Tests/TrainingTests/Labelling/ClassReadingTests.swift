import Datasets
import Testing

@testable import Training

@Suite struct ClassReadingTests {
    private let reading = ClassReading(["negative", "positive"])

    @Test(arguments: [
        (" positive", 1), ("Positive.", 1), ("The review is NEGATIVE, I think", 0), ("**positive**", 1),
        ("positive\npositive", 1), ("'negative'", 0),
    ])
    func aClassIsReadFromWords(answer: String, label: Int) {
        #expect(reading.named(in: answer) == .one(label))
    }

    @Test(arguments: ["", "I can't say", "positively so", "nonnegative", "posi tive"])
    func whatNamesNoneTellsNothing(answer: String) { #expect(reading.named(in: answer) == .none) }

    @Test func whatNamesSeveralTellsNothing() {
        #expect(reading.named(in: "not positive but negative") == .several)
    }

    @Test func aNameWithinAnotherIsNotMeant() {
        let reading = ClassReading(["spam", "not spam", "very  odd"])
        #expect(reading.named(in: "this is not spam") == .one(1))
        #expect(reading.named(in: "Spam!") == .one(0))
        #expect(reading.named(in: "very\nodd") == .one(2))
        #expect(reading.named(in: "spam, not spam") == .several)
    }

    @Test func namesOfFiguresAreWords() {
        let reading = ClassReading(["1", "10", "-1"])
        #expect(reading.named(in: "10 stars") == .one(1))
        #expect(reading.named(in: "it gets -1") == .one(2))
        #expect(reading.named(in: "21") == .none)
    }
}

@Suite struct LabellingTests {
    private var dataset: Dataset {
        var dataset = Dataset(
            name: "d", columns: ["text", "label"], labels: ["no", "yes"], source: "made up")
        dataset.train = [0, 1, nil, 1].enumerated().map {
            Example(text: "text \($0)", label: $1, id: $0)
        }
        dataset.test = [Example(text: "other", label: 0, id: 9)]
        return dataset
    }

    @Test func textsWithoutAClassGoAndOthersHaveTheNewOne() {
        var labelling = Labelling(labels: dataset.labels)
        labelling.add(["yes", "Yes!", "no", "perhaps"], to: dataset.train, in: .train)
        let made = labelling.applied(to: dataset)
        #expect(made.train.map(\.id) == [0, 1, 2])
        #expect(made.train.map(\.label) == [1, 1, 0])
        #expect(made.train.map { $0.fields["gold"] } == ["no", "yes", ""])
        #expect(made.test == dataset.test && made.columns == ["text", "label", "gold"])
        #expect(labelling.asked == 4 && labelling.labelled == 3 && labelling.counts == [1, 2])
        #expect(labelling.count { $0 == .none } == 1)
    }

    @Test func agreementIsOverTextsThatHaveBoth() {
        var labelling = Labelling(labels: dataset.labels)
        labelling.add(["yes", "yes", "no", "perhaps"], to: dataset.train, in: .train)
        #expect(labelling.agreement.counts == [[0, 1], [0, 1]])
    }
}
