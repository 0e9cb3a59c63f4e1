import Datasets
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// The tasks that `TaskTests` runs: the program's, and those of the tests' own.
enum TestTasks {
    static let all = TaskRegistry.all + own

    private static let own: [TaskDeclaration] = [PairDifference.declaration]
}

/// A task on a family.
struct TaskCase: Sendable, CustomTestStringConvertible {
    let declaration: TaskDeclaration
    let family: String
    var testDescription: String { "\(declaration.name) on \(family)" }

    /// On an encoder and a decoder, as far as the task takes them.
    static let all = TestTasks.all.flatMap { declaration in
        ["bert", "llama"].map { TaskCase(declaration: declaration, family: $0) }
            .filter { !writers.contains(declaration.name) || $0.family != "bert" }
            .filter { declaration.name != MaskedModelling.declaration.name || $0.family == "bert" }
    }

    private static let writers = [
        AnswerWriting.declaration, TextWriting.declaration, TextModelling.declaration,
        PreferenceLearning.declaration,
    ].map(\.name)

    func model() throws -> any LanguageModel { try ModelLoader.load(path: GoldenFiles.model(family)) }

    /// With a prompt where the task wants one.
    func task(on model: any LanguageModel) throws -> any LearningTask {
        var request = TaskRequest("tiny", model, WordNumbers(), Self.dataset, seed: 3)
        if !declaration.suits(request) { request.template = try TemplateRegistry.named("plain") }
        return try declaration.task(for: request)
    }

    func encoded(by task: any LearningTask) throws -> [EncodedExample] {
        try Self.dataset.train.map { try task.encoder.encode($0, Pass.Randomness(seed: 5, step: 0)) }
    }

    /// Ten pairs of texts with a class and a value each.
    static let dataset: Dataset = {
        let words = ["one", "day", "the", "river", "rose", "and", "carried", "a", "bridge", "off"]
        let examples = words.indices.map { number in
            var example = Example(
                text: (words[number...] + ["again"]).joined(separator: " "),
                pair: words[...number].reversed().joined(separator: " "), label: number % 2,
                fields: ["score": "\(Float(number * number % 7) / 4 - 0.75)"], id: number)
            (example.answer, example.rejected) = (words[number], "nothing at all")
            example.value = Float(number * number % 7) / 4 - 0.75
            return example
        }
        return Dataset(
            name: "ten", columns: ["text", "pair", "label", "score"], pairColumn: "pair",
            labels: ["bad", "very good"], train: examples, test: examples, source: "here")
    }()
}

/// Each word is one of a tiny model's 61 tokens, which it shares with others.
struct WordNumbers: Tokenizer {
    var vocabularySize: Int { 61 }
    var special: SpecialTokens {
        var special = SpecialTokens()
        (special.bos, special.eos, special.mask) = (1, 2, 0)
        return special
    }
    var template: Template {
        Template(
            single: [.special(1, segment: 0), .first(segment: 0)],
            pair: [
                .special(1, segment: 0), .first(segment: 0), .special(2, segment: 0), .second(segment: 1),
            ])
    }

    func encode(_ text: String) -> [Int32] {
        text.split { !$0.isLetter }.map { word in
            3 + word.unicodeScalars.reduce(0) { ($0 + Int32($1.value)) % 58 }
        }
    }

    func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String {
        ids.map { "w\($0)" }.joined(separator: " ")
    }
    func id(of token: String) -> Int32? { nil }
    func token(of id: Int32) -> String? { nil }
}
