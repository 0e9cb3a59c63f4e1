import Compute
import Datasets
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures

@testable import Training

/// What `Tests/Golden/make_writing.py` computed by Transformers and PEFT.
struct WritingGolden: Decodable {
    struct Request: Decodable { let instruction, input, output: String }
    struct Run: Decodable {
        let losses, norms: [Double]
        let tokens: Int
    }
    struct Sliding: Decodable {
        let length, stride, tokens: Int
        let loss: Double
    }
    struct Perplexity: Decodable {
        /// Sum of -log p, and tokens.
        let answers: [String: [Double]]
        let text: String
        let sliding: [Sliding]
    }

    let requests: [Request]
    let dialogues: [[[String]]]
    let texts: [String]
    let window: Int
    /// For each row its ids, and the labels that Transformers wants.
    let rows: [String: [[[Int32]]]]
    let steps: [String: [String: Run]]

    static func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        let file = GoldenFiles.folder.appending(path: "writing/\(name).json")
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
    }

    static func turns(_ spoken: [[String]]) -> [Turn] {
        spoken.compactMap { pair in Turn.Role(named: pair[0]).map { Turn($0, pair[1]) } }
    }

    static let cases = ["alpaca", "chatml", "chatml last", "texts"]

    /// The golden examples of a case.
    func dataset(_ name: String) -> Dataset {
        var dataset = Dataset(name: name, columns: [], source: "here")
        switch name {
        case "alpaca":
            dataset.roles = [.instruction: "instruction", .text: "input", .answer: "output"]
            dataset.train = requests.enumerated().map { id, row in
                var example = Example(text: row.input, id: id)
                (example.instruction, example.answer) = (row.instruction, row.output)
                return example
            }
        case "texts":
            dataset.roles = [.text: "text"]
            dataset.areTextsAlone = true
            dataset.train = texts.enumerated().map { Example(text: $1, id: $0) }
        default:
            dataset.roles = [.messages: "messages"]
            dataset.learned = name.hasSuffix("last") ? .last : .assistant
            dataset.train = dialogues.enumerated().map { id, spoken in
                var example = Example(text: "", id: id)
                example.turns = Self.turns(spoken)
                return example
            }
        }
        dataset.test = dataset.train
        return dataset
    }

    func task(_ name: String, on model: any LanguageModel) throws -> any LearningTask {
        var request = TaskRequest("tiny", model, WordNumbers(), dataset(name), seed: 1)
        if name.hasPrefix("chatml") { request.template = .chatML }
        if name == "texts" { request.maxLength = window }
        return try TaskRegistry.task(for: request)
    }
}
