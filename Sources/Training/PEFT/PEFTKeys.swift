import Diagnostics
import JSON

/// The keys of an adapter_config.json, each read as what it has to be.
package struct PEFTKeys: Sendable {
    package static let fileName = "adapter_config.json"

    /// What is done about the keys that every method's file has.
    package static let common: [String: KeyDecision] = [
        "peft_type": .used, "base_model_name_or_path": .used, "auto_mapping": .used,
        "modules_to_save": .used,
        "task_type": .only(
            ["SEQ_CLS", "CAUSAL_LM", "FEATURE_EXTRACTION"], "SEQ_CLS, CAUSAL_LM and FEATURE_EXTRACTION"),
        "inference_mode": .harmless("what trains is the session's choice"),
        "peft_version": .harmless("says who wrote it"),
        "revision": .harmless("says which base model to fetch; the loaded one's shapes are checked"),
    ]

    /// And about those of every method that changes layers.
    package static let ofLayers: [String: KeyDecision] = [
        "target_modules": .used, "exclude_modules": .used,
        "fan_in_fan_out": .harmless("each layer knows how its weight lies; PEFT corrects it too"),
    ]

    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package subscript(key: String) -> JSON? { json[key] }

    package func flag(_ key: String) throws -> Bool {
        guard let value = json[key], !value.isNull else { return false }
        guard let flag = value.bool else {
            throw Self.bad("is \(value.text().prefix(40)), expected true or false", of: key)
        }
        return flag
    }

    /// - `usual`: where nothing is said.
    package func rank(_ key: String, usual: Int) throws -> Int {
        try Self.rank(json[key] ?? .integer(usual), of: key)
    }

    package static func rank(_ value: JSON, of key: String) throws -> Int {
        guard let rank = value.integer, (1...65_536).contains(rank) else {
            throw bad("is \(value.text().prefix(40)), expected a whole number from 1", of: key)
        }
        return rank
    }

    package func number(_ key: String, usual: Double) throws -> Double {
        try Self.number(json[key] ?? .number(usual), of: key)
    }

    package static func number(_ value: JSON, of key: String) throws -> Double {
        guard let number = value.number, number.isFinite else {
            throw bad("is \(value.text().prefix(40)), expected a number", of: key)
        }
        return number
    }

    /// One name or a list of them; empty where nothing is said.
    package func names(_ key: String) throws -> [String] {
        guard let value = json[key], !value.isNull else { return [] }
        if let one = value.string { return [one] }
        guard let list = value.array, case let names = list.compactMap(\.string), names.count == list.count
        else { throw Self.bad("is no list of names", of: key) }
        return names
    }

    /// Names that a path equals or ends in, or an expression for the whole path; nil where nothing is said.
    package func targets(_ key: String) throws -> PEFTTargets? {
        guard let value = json[key], !value.isNull else { return nil }
        if let text = value.string { return .expression(text) }
        return .names(try names(key))
    }

    /// Numbers of blocks; nil where nothing is said.
    package func blocks(_ key: String) throws -> [Int]? {
        guard let value = json[key], !value.isNull else { return nil }
        if let one = value.integer { return [one] }
        guard let list = value.array, case let numbers = list.compactMap(\.integer),
            numbers.count == list.count
        else { throw Self.bad("is no list of block numbers", of: key) }
        return numbers.isEmpty ? nil : numbers
    }

    package func patterns(_ key: String) throws -> [PEFTPattern] {
        guard let value = json[key], !value.isNull else { return [] }
        guard let object = value.object else { throw Self.bad("is no object", of: key) }
        return try object.map { PEFTPattern($0.key, try Self.number($0.value, of: key)) }
    }

    package static func bad(_ what: String, of key: String) -> Diagnostic {
        Diagnostic("bad-adapter", "\(fileName): \(key) \(what)")
    }

    /// A value that reading finds unsupported, said as the decisions say it.
    package static func unsupported(_ key: String, _ value: JSON, _ supported: String) -> Diagnostic {
        Diagnostic(
            "unsupported-key",
            "\(fileName): \(key) is \(value.text().prefix(60)), which is not supported: \(supported)",
            hint: KeyDecisions.hint(ignoring: [key]))
    }
}

/// Which layers: names that a path equals or ends in, or an expression for the whole path.
package enum PEFTTargets: Sendable, Hashable {
    case names([String])
    case expression(String)

    /// - Throws: `bad-adapter` when an expression can't be read.
    package func matches(_ path: String) throws -> Bool {
        switch self {
        case .names(let names): names.contains { path == $0 || path.hasSuffix("." + $0) }
        case .expression(let text): try PEFTPattern.expression(text).wholeMatch(in: path) != nil
        }
    }

    package var json: JSON {
        switch self {
        case .names(let names): .array(names.map(JSON.string))
        case .expression(let text): .string(text)
        }
    }
}

/// A number for the layers whose path ends in what an expression matches.
package struct PEFTPattern: Sendable, Hashable {
    package var path: String
    package var value: Double

    package init(_ path: String, _ value: Double) {
        (self.path, self.value) = (path, value)
    }

    /// Of one layer alone.
    package init(of path: String, _ value: Double) {
        self.init(path.replacing(".", with: "\\."), value)
    }

    /// The first that fits; nil where none does.
    package static func value(of patterns: [PEFTPattern], at path: String) throws -> Double? {
        try patterns.first { try expression("(.*\\.)?(\($0.path))").wholeMatch(in: path) != nil }?.value
    }

    static func expression(_ text: String) throws -> Regex<AnyRegexOutput> {
        do {
            return try Regex(text)
        } catch {
            throw Diagnostic(
                "bad-adapter",
                "\(PEFTKeys.fileName): the expression \(text.prefix(80)) cannot be read: \(error)")
        }
    }

    package static func json(_ patterns: [PEFTPattern]) -> JSON {
        .object(JSONObject(patterns.map { ($0.path, JSON.number(written: $0.value)) }))
    }
}

extension JSON {
    /// Whole numbers as such.
    package static func number(written number: Double) -> JSON {
        Int(exactly: number).map(JSON.integer) ?? .number(number)
    }

    /// The digits that a person wrote: 0.05, not what a 32-bit number makes of it.
    package static func number(written number: Float) -> JSON {
        .number(written: Double(number.description) ?? Double(number))
    }
}
