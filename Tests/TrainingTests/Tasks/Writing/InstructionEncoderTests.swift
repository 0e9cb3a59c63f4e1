import Datasets
import Diagnostics
import Learning
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// What fits of a request and of a dialogue, and what is learned of it.
@Suite struct InstructionEncoderTests {
    private func encoder(
        _ template: PromptTemplate = .plain, _ instruction: String? = nil,
        learned: LearnedTurns = .assistant, maxLength: Int = 64
    ) -> InstructionEncoder {
        InstructionEncoder(
            tokenizer: ListedWords(), template: template, instruction: instruction, learned: learned,
            maxLength: maxLength)
    }

    private func example(_ text: String, _ answer: String? = nil, instruction: String? = nil) -> Example {
        var example = Example(text: text, id: 0)
        (example.answer, example.instruction) = (answer, instruction)
        return example
    }

    private func row(_ encoder: InstructionEncoder, _ example: Example) throws -> (row: Row, cut: Int) {
        let encoded = try encoder.encode(example, nil)
        return (encoded.rows[0], encoded.cut)
    }

    private func words(_ text: String) -> [Int32] { ListedWords().encode(text) }
    private func learned(_ row: Row) -> [Int] { row.learned.compactMap { $0.target?.label } }

    @Test func theAnswerAndOneEndAreLearned() throws {
        let (row, _) = try row(encoder(), example("a sky", "blue it is", instruction: "which colour"))
        #expect(row.ids == [1] + words("a sky which colour Answer blue it is") + [2])
        #expect(learned(row) == words("blue it is").map { Int($0) } + [2])
        #expect(row.ids[row.promptCount] == words("blue")[0])
    }

    @Test func aTextThatNothingIsAskedAboutAsksItself() throws {
        let (row, _) = try row(encoder(), example("say hello", "hello"))
        #expect(row.ids == [1] + words("say hello Answer hello") + [2])
        let asked = try self.row(encoder(.plain, "do it"), example("say hello", "hello"))
        #expect(asked.row.ids == [1] + words("say hello do it Answer hello") + [2])
    }

    @Test func allCanBeLearned() throws {
        let (row, _) = try row(encoder(learned: .all), example("say hello", "hello"))
        #expect(learned(row) == row.ids.dropFirst().map { Int($0) })
    }

    @Test func aTextLosesItsEndBeforeItsAnswerDoes() throws {
        let long = example("one two three four five six", "seven eight", instruction: "go on")
        let (row, cut) = try row(encoder(maxLength: 11), long)
        // Begin, text, "go on Answer", answer, end.
        #expect(row.ids == [1] + words("one two three four go on Answer seven eight") + [2])
        #expect(cut == 2)
        let bare = try self.row(encoder(maxLength: 7), long)
        #expect(bare.row.ids == [1] + words("go on Answer seven eight") + [2] && bare.cut == 6)
    }

    @Test func ofAnAnswerThatDoesNotFitNothingIsLearned() throws {
        let (row, cut) = try row(encoder(maxLength: 8), example("a", "one two three four five six seven"))
        #expect(row.learned.isEmpty && cut > 0)
        #expect(row.ids.count == 8, "what reads it has something to read")
    }

    private var dialogue: Example {
        var dialogue = Example(text: "", id: 0)
        dialogue.turns = [
            Turn(.system, "sys"), Turn(.user, "one"), Turn(.assistant, "two"), Turn(.user, "three"),
            Turn(.assistant, "four"),
        ]
        return dialogue
    }

    @Test func eachTurnOfTheAssistantIsLearnedWithItsEnd() throws {
        let (row, _) = try row(encoder(.chatML), dialogue)
        #expect(learned(row) == words("two im end four im end").map { Int($0) })
        let last = try self.row(encoder(.chatML, learned: .last), dialogue)
        #expect(learned(last.row) == words("four im end").map { Int($0) })
        #expect(last.row.ids == row.ids)
    }

    @Test func aDialogueLosesItsOldestTurnsAndKeepsItsSystemTurn() throws {
        let (whole, _) = try row(encoder(.chatML), dialogue)
        let (row, cut) = try row(encoder(.chatML, maxLength: whole.ids.count - 1), dialogue)
        #expect(
            row.ids
                == words(
                    "im start system sys im end im start user three im end im start assistant four im end"))
        #expect(learned(row) == words("four im end").map { Int($0) })
        #expect(cut == whole.ids.count - row.ids.count)
    }

    @Test func onesOwnPromptSaysWhereEachPartGoes() throws {
        let own = try TemplateRegistry.named("Q {instruction} about {input} A {response} done")
        let (row, _) = try row(encoder(own), example("boats", "they float", instruction: "what"))
        #expect(row.ids == [1] + words("Q what about boats A they float done") + [2])
        #expect(learned(row) == words("they float done").map { Int($0) } + [2])
        let single = try TemplateRegistry.named("Q {input} A {response}")
        let asked = try self.row(encoder(single), example("boats", "float", instruction: "what"))
        #expect(asked.row.ids == [1] + words("Q what boats A float") + [2])
    }

    @Test(arguments: ["{response} {input}", "{input}", "{input} {response} {response}", "{response}"])
    func aPromptOfOnesOwnAsksAndIsAnsweredOnce(text: String) {
        #expect(throws: Diagnostic.self) { try TemplateRegistry.named(text) }
    }
}

/// Words of a list, each a token, which a text is made of again.
private struct ListedWords: Tokenizer {
    private static let words = """
        a about Answer assistant blue boats colour done end float four five go hello im is it on one Q A say seven \
        eight six sky start sys system they three two user what which do
        """.split(separator: " ").map(String.init)

    var vocabularySize: Int { Self.words.count + 3 }
    var special: SpecialTokens { WordNumbers().special }
    var template: Template { WordNumbers().template }

    func encode(_ text: String) -> [Int32] {
        text.split { !$0.isLetter }.map { word in
            Int32(Self.words.firstIndex(of: String(word)).map { $0 + 3 } ?? 0)
        }
    }

    func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String {
        ids.map { Self.words[Int($0) - 3] }.joined(separator: " ")
    }
    func id(of token: String) -> Int32? { nil }
    func token(of id: Int32) -> String? { nil }
}
