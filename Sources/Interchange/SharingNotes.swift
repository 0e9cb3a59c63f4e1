import Diagnostics
import Foundation
import JSON
import Learning
import Training

/// What Lorikeet must know beside PEFT's or Transformers' own files to go on with a tuned model.
package struct SharingNotes: Sendable, Hashable {
    package static let fileName = "lorikeet.json"

    /// The verb that tuned it: `lora`, `full`.
    package var method: String
    /// The base model as `model` was given it, and as others find it.
    package var model: String?
    package var base: String?
    /// How many of the base's first blocks were taken; nil for all.
    package var blocks: Int?
    package var pooling: Pooling?
    /// Class names, in the order of the head's outputs; empty when there are none.
    package var labels: [String] = []
    /// The prompt's name and what it asks for, for a model that writes its answers.
    package var template: String?
    package var instruction: String?
    package var maxLength: Int?
    /// What was chosen for the method, of a model that is saved whole; an adapter's own files say it.
    package var settings: [String: SettingValue] = [:]
    /// What was frozen and unfrozen on top of the method, in that order.
    package var changes: [WeightChange] = []
    /// What older folders say of `full last=n`, in place of settings.
    package private(set) var last: Int?
    /// What the weights have learned from; nil where no note was made of it.
    package var seen: SeenTexts?
    /// `BaseFingerprint` of the model that an adapter was saved on; nil where no note was made of it.
    package var fingerprint: String?
    /// How the base's layers were quantised that an adapter was trained beside; nil for as they are stored.
    package var quantisation: String?
    /// Which thirds of a fused layer an adapter was put on; empty for whole layers.
    package var thirds: [Int] = []

    package init(method: String) { self.method = method }

    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        var object: JSONObject = [
            "format": 1, "method": .string(method), "model": text(model), "base_model": text(base),
            "pooling": text(pooling?.rawValue), "labels": .array(labels.map(JSON.string)),
            "template": text(template), "instruction": text(instruction),
            "max_length": maxLength.map(JSON.integer) ?? .null, "seen": seen?.json ?? .null,
        ]
        if !settings.isEmpty {
            object["settings"] = .object(
                JSONObject(settings.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
        }
        if let blocks { object["blocks"] = .integer(blocks) }
        if !changes.isEmpty { object["changes"] = .array(changes.map(JSON.init)) }
        if let fingerprint { object["base_sha256"] = .string(fingerprint) }
        if let quantisation { object["base_precision"] = .string(quantisation) }
        if !thirds.isEmpty { object["thirds"] = .array(thirds.map(JSON.integer)) }
        return .object(object)
    }

    private static let decisions = KeyDecisions(
        fileName,
        [
            "format": .only([1], "format 1: a newer Lorikeet wrote it"), "method": .used, "model": .used,
            "base_model": .used, "blocks": .used, "labels": .used, "template": .used, "instruction": .used,
            "max_length": .used,
            "settings": .used, "changes": .used, "last": .used, "thirds": .used, "seen": .used,
            "base_sha256": .used, "base_precision": .used,
            "pooling": .only(
                Pooling.allCases.map { .string($0.rawValue) },
                Pooling.allCases.map(\.rawValue).joined(separator: ", ")),
        ])

    /// The keys that a folder's notes have; none without notes.
    static func keys(in folder: String) -> [String] {
        (try? SharedFolder.json("\(folder)/\(fileName)"))?.object?.keys ?? []
    }

    /// nil when the folder has none: another program wrote it.
    ///
    /// - Throws: `bad-adapter` when the file can't be read; `unsupported-key`.
    package init?(in folder: String, ignoring ignored: Set<String> = []) throws {
        let path = "\(folder)/\(Self.fileName)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let json = try SharedFolder.json(path)
        guard json["format"] != nil else {
            throw Diagnostic("bad-adapter", "\(path) has no format: these are no notes of Lorikeet's")
        }
        guard json["format"]?.integer == 1 else {
            throw Diagnostic("bad-adapter", "\(path) has a format other than 1, a newer Lorikeet wrote it")
        }
        try Self.decisions.check(json, ignoring: ignored)
        let kept = Self.decisions.without(ignored, json)
        func value<Value>(_ key: String, _ expected: String, _ read: (JSON) -> Value?) throws -> Value? {
            guard let found = kept[key], !found.isNull else { return nil }
            guard let value = read(found) else {
                throw Diagnostic(
                    "bad-adapter",
                    "\(path): \(key) is \(found.text().prefix(60)), expected \(expected)",
                    hint: KeyDecisions.hint(ignoring: [key]))
            }
            return value
        }
        func text(_ key: String) throws -> String? { try value(key, "a text", \.string) }
        func count(_ key: String) throws -> Int? {
            try value(key, "a whole number from 1") {
                $0.integer.flatMap { (1...1 << 24).contains($0) ? $0 : nil }
            }
        }
        func list<Item>(_ key: String, _ expected: String, _ read: (JSON) -> Item?) throws -> [Item] {
            try value(key, expected) { found in
                found.array.flatMap { all in
                    let items = all.compactMap(read)
                    return items.count == all.count ? items : nil
                }
            } ?? []
        }
        let methods = Self.adapters + Self.models
        method =
            try value("method", "one of \(methods.joined(separator: ", "))") { found in
                found.string.flatMap { methods.contains($0) ? $0 : nil }
            } ?? MethodRegistry.usual.declaration.name
        model = try text("model")
        base = try text("base_model")
        blocks = try count("blocks")
        pooling = try text("pooling").flatMap(Pooling.init(rawValue:))
        labels = try list("labels", "a list of names", \.string)
        template = try text("template")
        instruction = try text("instruction")
        maxLength = try count("max_length")
        let declared = MethodRegistry.all.first { [method] in $0.declaration.name == method }?.declaration
            .settings
        settings =
            try value("settings", "settings of \(method)") { found in
                found.object.flatMap { SettingValues.read($0, as: declared ?? []) }
            } ?? [:]
        changes = try list("changes", "what was frozen and unfrozen", WeightChange.init)
        last = try count("last")
        if let found = kept["seen"], found != .null { seen = try SeenTexts(found, in: path) }
        thirds = try list("thirds", "a list of 0, 1 and 2") {
            $0.integer.flatMap { (0..<3).contains($0) ? $0 : nil }
        }
        fingerprint = try text("base_sha256")
        quantisation = try text("base_precision")
    }

    /// The methods whose result is saved as an adapter, and those whose is as a model.
    static let adapters = MethodRegistry.all.filter { !$0.isSavedWhole }.map { $0.declaration.name }
    /// `last` is what older folders say of `full last=n`.
    static let models =
        MethodRegistry.all.filter { $0.isSavedWhole }.map { $0.declaration.name } + ["last"]

    /// - `wanted`: the methods that fit the files beside the notes.
    /// - Throws: `bad-adapter` for another.
    func require(_ wanted: [String], beside file: String) throws {
        guard !wanted.contains(method) else { return }
        throw Diagnostic(
            "bad-adapter", "\(Self.fileName) says that the method was \(method), but \(file)",
            hint: "do the folder's files belong together? open wants them as save wrote them")
    }
}

/// A method that was read from files, with the notes beside them.
package protocol NoteBearing: Sendable {
    /// nil when another program wrote the folder.
    var notes: SharingNotes? { get }
    /// What should be known of it, each a sentence.
    var remarks: [String] { get }
}
