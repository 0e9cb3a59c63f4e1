import Datasets
import TestScratch
import Testing

/// Files whose texts are to be answered by texts, or by numbers.
@Suite struct AnswerColumnsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func load(
        _ lines: String..., named name: String = "d.jsonl",
        _ change: (inout DatasetRequest) -> Void = { _ in }
    ) throws -> Dataset {
        let path = try scratch.file(name, lines.joined(separator: "\n"))
        var request = DatasetRequest(path: path, validation: 0, test: 0)
        change(&request)
        return try scratch.load(request)
    }

    @Test func instructionsAreFoundByTheirColumns() throws {
        let dataset = try load(
            #"{"instruction":"add","input":"1 and 2","output":"3"}"#,
            #"{"instruction":"greet","input":"","output":"hello"}"#,
            #"{"instruction":"say nothing","input":"","output":" "}"#)
        #expect(dataset.shape == .answers)
        #expect(dataset.roles == [.instruction: "instruction", .text: "input", .answer: "output"])
        let found = dataset.train.sorted { $0.id < $1.id }
        #expect(found.map(\.instruction) == ["add", "greet"])
        #expect(found.map(\.text) == ["1 and 2", ""])
        #expect(found.map(\.answer) == ["3", "hello"])
        #expect(dataset.notes.contains("1 row without an answer (output) dropped"))
    }

    @Test func withoutAnInputTheInstructionIsTheText() throws {
        let dataset = try load(
            #"{"instruction":"add","output":"3"}"#, #"{"instruction":"greet","output":"hello"}"#)
        #expect(dataset.roles == [.text: "instruction", .answer: "output"])
        #expect(Set(dataset.train.map(\.text)) == ["add", "greet"])
    }

    @Test func equalInputsUnderOtherInstructionsAreOtherTexts() throws {
        let one = try load(
            #"{"instruction":"add","input":"x","output":"3"}"#,
            #"{"instruction":"cut","input":"x","output":"4"}"#)
        #expect(Set(one.train.map(\.contentHash)).count == 2)
        #expect(!one.notes.contains { $0.contains("repeat") })
    }

    @Test func anyColumnsCanBeNamed() throws {
        let dataset = try load("story,headline,score", "long ago,Then,1", "just now,Now,2", named: "d.csv") {
            ($0.answerColumn, $0.textColumn) = ("headline", "story")
        }
        #expect(dataset.train.sorted { $0.id < $1.id }.map(\.answer) == ["Then", "Now"])
        #expect(dataset.labels.isEmpty && dataset.unusedColumns == ["score"])
    }

    @Test func aNumberCanStandInPlaceOfAClass() throws {
        let dataset = try load("text,score", "so so,2.5", "good,4", "bad,x", "nothing,", named: "d.csv") {
            $0.valueColumn = "score"
        }
        #expect(dataset.shape == .values)
        #expect(dataset.train.sorted { $0.id < $1.id }.map(\.value) == [2.5, 4])
        #expect(dataset.notes.contains("2 rows without a number (score) dropped"))
    }

    @Test(arguments: [
        #""messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]"#,
        #""conversations":[{"from":"system","value":"be brief"},{"from":"human","value":"hi"},{"from":"gpt","value":"ho"}]"#,
    ])
    func dialoguesAreReadInTheirSpellings(cell: String) throws {
        let dataset = try load("{\(cell)}", "{\(cell.replacing("hi", with: "yo"))}")
        #expect(dataset.shape == .dialogues)
        let first = try #require(dataset.train.first { $0.id == 0 })
        #expect(first.turns == [Turn(.system, "be brief"), Turn(.user, "hi"), Turn(.assistant, "ho")])
        #expect(first.text == "system: be brief\n\nuser: hi\n\nassistant: ho")
        #expect(dataset.notes.allSatisfy { !$0.contains("nested") })
    }

    @Test func aSideThatIsNotKnownIsNamed() throws {
        let dataset = try load(
            #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}"#,
            #"{"messages":[{"role":"user","content":"hi"},{"role":"tool","content":"ho"}]}"#,
            #"{"messages":[{"role":"user","content":"hi"}]}"#)
        #expect(dataset.train.count == 1)
        #expect(dataset.notes.contains("1 row with turns of 'tool', who is no side that is known, dropped"))
        #expect(dataset.notes.contains("1 dialogue in which the assistant says nothing dropped"))
    }

    @Test func preferencesShareTheirBeginning() throws {
        let dataset = try load(
            #"{"chosen":"\n\nHuman: hi\n\nAssistant: hello","rejected":"\n\nHuman: hi\n\nAssistant: no"}"#,
            #"{"chosen":"\n\nHuman: hi\n\nAssistant: same","rejected":"\n\nHuman: hi\n\nAssistant: same"}"#,
            #"{"chosen":"\n\nHuman: one\n\nAssistant: a","rejected":"\n\nHuman: two\n\nAssistant: b"}"#,
            #"{"chosen":"\n\nHuman: yo\n\nAssistant: a\n\nHuman: b\n\nAssistant: day","rejected":"\n\nHuman: yo\n\nAssistant: a\n\nHuman: b\n\nAssistant: away"}"#
        )
        #expect(dataset.shape == .preferences && dataset.train.count == 2)
        let last = try #require(dataset.train.first { $0.id == 1 })
        #expect(last.turns == [Turn(.user, "yo"), Turn(.assistant, "a"), Turn(.user, "b")])
        #expect(last.answer == "day" && last.rejected == "away")
        #expect(dataset.notes.contains("1 row with two equal answers dropped"))
        #expect(dataset.notes.contains("1 row whose answers are to different prompts, or to none, dropped"))
    }

    @Test func preferencesMayHaveAPrompt() throws {
        let dataset = try load(
            #"{"prompt":"hi","chosen":"hello","rejected":"no"}"#,
            #"{"prompt":"yo","chosen":"day","rejected":"away"}"#)
        #expect(dataset.roles == [.text: "prompt", .answer: "chosen", .rejected: "rejected"])
        #expect(Set(dataset.train.map(\.text)) == ["hi", "yo"])
    }

    @Test func textsAloneAreLearnedThemselves() throws {
        let dataset = try load("{\"text\":\"one\"}", "{\"text\":\"two\"}")
        #expect(dataset.shape == .texts)
        let asked = try load("text,label", "one,a", "two,b", named: "d.csv") { $0.labelColumn = "none" }
        #expect(asked.shape == .texts && asked.labels.isEmpty)
        let classes = try load("text,label", "one,a", "two,b", named: "d.csv")
        #expect(classes.shape == .classes && classes.labels == ["a", "b"])
    }

    @Test func aTextFileIsItsParagraphsOrItsLines() throws {
        let paragraphs = try load("one", "two", "", "three", "", named: "d.txt")
        #expect(Set(paragraphs.train.map(\.text)) == ["one\ntwo", "three"])
        let lines = try load("one", "two", "three", "", named: "d.txt")
        #expect(Set(lines.train.map(\.text)) == ["one", "two", "three"])
        let table = try load("text\tlabel", "one\ta", "two\tb", named: "d.txt")
        #expect(table.labels == ["a", "b"])
    }

    @Test func oneThingIsLearned() throws {
        #expect(
            code {
                try load("text,a,b", "one,1,2", named: "d.csv") {
                    ($0.labelColumn, $0.valueColumn) = ("a", "b")
                }
            } == "two-answers")
        #expect(
            code { try load("text,worse", "one,1", named: "d.csv") { $0.rejectedColumn = "worse" } }
                == "no-answer")
    }
}
