import Checkpoints
import Diagnostics
import Foundation
import JSON
import Models

/// What a model's files say of writing text: generation_config.json, or config.json where there is none.
struct WritingFiles {
    /// Tokens that end a text, besides the tokenizer's own end: a chat model's end of a turn.
    private(set) var ends: Set<Int32> = []
    /// What is not done as they say, each a sentence.
    private(set) var remarks: [String] = []

    /// - `vocabulary`: tokens of the model; numbers beyond are none of its.
    init(beside path: String, vocabulary: Int, ignoring: Set<String>) throws {
        if path.hasSuffix(".gguf") {
            let metadata = try CheckpointFolder.open(path: path).metadata
            for name in ["eos", "eot", "eom"] { take(metadata["tokenizer.ggml.\(name)_token_id"]) }
        } else {
            let folder = ModelLoader.folder(of: path)
            let file = "\(folder)/\(SharedFolder.writingName)"
            if FileManager.default.fileExists(atPath: file) {
                try read(JSON(file: file), ignoring: ignoring)
            } else {
                take(try ModelLoader.readConfig(beside: folder)["eos_token_id"])
            }
        }
        ends = ends.filter { $0 >= 0 && Int($0) < vocabulary }
    }

    private mutating func read(_ json: JSON, ignoring: Set<String>) throws {
        let keys = KeyDecisions.generation
        let kept = keys.without(ignoring, json)
        // A model that is not asked to write does without, so that this is no reason to refuse it.
        do { try keys.check(kept) } catch let problem as Diagnostic { remarks.append(problem.message) }
        take(kept["eos_token_id"])
        let drawing = ["temperature", "top_k", "top_p", "min_p"].filter { _ in kept["do_sample"]?.bool == true
        }
        let asked = (drawing + ["repetition_penalty"]).compactMap { key -> String? in
            guard let value = kept[key], !value.isNull, !(key == "repetition_penalty" && value.number == 1)
            else { return nil }
            return "\(key)=\(value.text())"
        }
        if !asked.isEmpty {
            remarks.append(
                "its makers write with \(asked.joined(separator: " ")); generate takes the likeliest tokens unless told so"
            )
        }
    }

    /// A number, or a list of them.
    private mutating func take(_ value: JSON?) {
        let numbers = value?.array?.compactMap(\.integer) ?? [value?.integer].compactMap(\.self)
        ends.formUnion(numbers.compactMap(Int32.init(exactly:)))
    }
}
