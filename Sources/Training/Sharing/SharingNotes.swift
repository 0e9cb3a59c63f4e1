import Diagnostics
import Foundation
import JSON
import Learning

/// What Lorikeet must know beside PEFT's or Transformers' own files to go on with a tuned model.
package struct SharingNotes: Sendable, Hashable {
    package static let fileName = "lorikeet.json"

    /// The verb that tuned it: `lora`, `full`.
    package var method: String
    /// The base model as `model` was given it, and as others find it.
    package var model: String?
    package var base: String?
    package var pooling: Pooling?
    /// Class names, in the order of the head's outputs; empty when there are none.
    package var labels: [String] = []
    /// The prompt's name and what it asks for, for a model that writes its answers.
    package var template: String?
    package var instruction: String?
    package var maxLength: Int?
    /// How many of the last blocks were trained, when not all.
    package var last: Int?
    /// What the weights have learned from; nil where no note was made of it.
    package var seen: SeenTexts?
    /// Which thirds of a fused layer an adapter was put on; empty for whole layers.
    package var thirds: [Int] = []

    package init(method: String) { self.method = method }

    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        var object: JSONObject = [
            "format": 1, "method": .string(method), "model": text(model), "base_model": text(base),
            "pooling": text(pooling?.rawValue), "labels": .array(labels.map(JSON.string)),
            "template": text(template), "instruction": text(instruction),
            "max_length": maxLength.map(JSON.integer) ?? .null, "last": last.map(JSON.integer) ?? .null,
            "seen": seen?.json ?? .null,
        ]
        if !thirds.isEmpty { object["thirds"] = .array(thirds.map(JSON.integer)) }
        return .object(object)
    }

    private static let decisions = KeyDecisions(
        fileName,
        [
            "format": .only([1], "format 1: a newer Lorikeet wrote it"), "method": .used, "model": .used,
            "base_model": .used, "labels": .used, "template": .used, "instruction": .used,
            "max_length": .used,
            "last": .used, "thirds": .used, "seen": .used,
            "pooling": .only(
                Pooling.allCases.map { .string($0.rawValue) },
                Pooling.allCases.map(\.rawValue).joined(separator: ", ")),
        ])

    /// The keys that a folder's notes have; none without notes.
    static func keys(in folder: String) -> [String] {
        (try? SharedFile.json("\(folder)/\(fileName)"))?.object?.keys ?? []
    }

    /// nil when the folder has none: another program wrote it.
    ///
    /// - Throws: `bad-adapter` when the file can't be read; `unsupported-key`.
    package init?(in folder: String, ignoring ignored: Set<String> = []) throws {
        let path = "\(folder)/\(Self.fileName)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let json = try SharedFile.json(path)
        guard json["format"] != nil else {
            throw Diagnostic("bad-adapter", "\(path) has no format: these are no notes of Lorikeet's")
        }
        guard json["format"]?.integer == 1 else {
            throw Diagnostic("bad-adapter", "\(path) has a format other than 1, a newer Lorikeet wrote it")
        }
        try Self.decisions.check(json, ignoring: ignored)
        method = json["method"]?.string ?? "lora"
        model = json["model"]?.string
        base = json["base_model"]?.string
        pooling = json["pooling"]?.string.flatMap(Pooling.init(rawValue:))
        labels = json["labels"]?.array?.compactMap(\.string) ?? []
        template = json["template"]?.string
        instruction = json["instruction"]?.string
        maxLength = json["max_length"]?.integer.flatMap { $0 > 0 ? $0 : nil }
        last = json["last"]?.integer
        if let found = json["seen"], found != .null { seen = try SeenTexts(found, in: path) }
        thirds = (json["thirds"]?.array ?? []).compactMap(\.integer)
    }
}

/// A method that was read from files, with the notes beside them.
package protocol NoteBearing: Sendable {
    /// nil when another program wrote the folder.
    var notes: SharingNotes? { get }
}

/// Small JSON files of shared folders.
enum SharedFile {
    private static let largest = 1 << 26

    static func json(_ path: String) throws -> JSON {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Diagnostic("no-file", "there is no file \(path)")
        }
        guard bytes.count <= largest else {
            throw Diagnostic("bad-adapter", "\(path) has \(bytes.count) bytes, supported are \(largest)")
        }
        do {
            return try JSON(parsing: bytes)
        } catch let problem as Diagnostic {
            throw Diagnostic("bad-adapter", "\(path): \(problem.message)")
        }
    }

    static func write(_ json: JSON, to path: String) throws {
        try write(Data(json.utf8(indent: 2) + [10]), to: path)
    }

    static func write(_ bytes: Data, to path: String) throws {
        do {
            try bytes.write(to: URL(filePath: path))
        } catch {
            throw Diagnostic("cannot-write", "cannot write \(path): \(error.localizedDescription)")
        }
    }
}
