import Diagnostics
import JSON

/// What a model's configuration says, read from a config.json or from GGUF's metadata.
package struct ModelConfig: Sendable, Hashable {
    /// The registry's name: `bert`, `gpt2`, `llama`.
    package var family: String
    /// Hidden size, the columns of every hidden state.
    package var width: Int
    package var blocks: Int
    package var heads: Int
    /// Heads of keys and values; fewer than `heads` with grouped queries.
    package var keyValueHeads: Int
    package var headWidth: Int
    /// Width inside the feed-forward layers.
    package var feedForward: Int
    package var vocabulary: Int
    /// The longest sequence, in tokens.
    package var context: Int
    package var segments = 0
    /// The token that pads shorter sequences of a batch, by which the reference finds a sequence's end.
    package var padding: Int32?
    package var normEpsilon: Float
    package var activation: String
    package var rotaryBase = 10_000.0
    package var rotaryScaling = RotaryScaling.none
    package var tiesHead = true
    package var hasAttentionBias = false
    package var hasFeedForwardBias = false
    /// GPT-2's switches: scores divided by sqrt(headWidth), and by the block's number.
    package var scalesScores = true
    package var scalesByBlock = false

    /// The base's own dropout by key, where it is not 0; it stays off here.
    package var dropout: [String: Double] = [:]
}

extension ModelConfig {
    /// Its fields by name in order, without those that are as where nothing is said and without dropout, which stays off:
    /// the same text for the same model, also once the program knows more fields.
    package var canonical: String {
        var own = self
        own.dropout = [:]
        let usual = ModelConfig(
            family: "", width: 0, blocks: 0, heads: 0, keyValueHeads: 0, headWidth: 0, feedForward: 0,
            vocabulary: 0, context: 0, normEpsilon: 0, activation: "")
        let fields = zip(Mirror(reflecting: own).children, Mirror(reflecting: usual).children)
        return fields.compactMap { own, usual -> String? in
            let (value, other) = ("\(own.value)", "\(usual.value)")
            return value == other ? nil : "\(own.label ?? "") \(value)"
        }.sorted().joined(separator: "\n")
    }
}

/// Reads required and optional keys of a configuration, with a message that names file and key.
struct ConfigReader {
    let json: JSON
    let source: String
    /// Keys that the person goes on without; those of the top are gone from `json` already.
    var ignored: Set<String> = []

    func count(_ keys: String..., default fallback: Int? = nil) throws -> Int {
        for key in keys {
            guard let found = json[key], !found.isNull else { continue }
            // A header may say anything; what no model has is refused before anything is sized by it.
            guard let value = found.integer, value > 0, value <= 1 << 24 else {
                throw unexpected(key, found, "a whole number from 1 to 16777216")
            }
            return value
        }
        guard let fallback else { throw missing(keys[0]) }
        return fallback
    }

    func number(_ keys: String..., default fallback: Double) throws -> Double {
        for key in keys {
            guard let found = json[key], !found.isNull else { continue }
            guard let value = found.number, value.isFinite, value >= 0 else {
                throw unexpected(key, found, "a number of 0 or more")
            }
            return value
        }
        return fallback
    }

    /// As `number`, and not 0: a scale, a base.
    ///
    /// - Throws: `bad-config` without the key where there is no default.
    func positive(_ key: String, default fallback: Double? = nil) throws -> Double {
        if fallback == nil, json[key]?.isNull ?? true { throw missing(key) }
        let value = try number(key, default: fallback ?? 0)
        guard value >= 1e-9, value <= 1e12 else {
            throw Diagnostic("bad-config", "\(source): \(key) is \(value), expected a number above 0")
        }
        return value
    }

    /// A token's id; nil without one.
    func token(_ key: String) throws -> Int32? {
        guard let found = json[key], !found.isNull else { return nil }
        guard let id = found.integer.flatMap(Int32.init(exactly:)) else {
            throw unexpected(key, found, "a token's id")
        }
        return id
    }

    func flag(_ key: String, default fallback: Bool) throws -> Bool {
        guard let found = json[key], !found.isNull else { return fallback }
        guard let value = found.bool else { throw unexpected(key, found, "true or false") }
        return value
    }

    func text(_ key: String, default fallback: String) throws -> String {
        guard let found = json[key], !found.isNull else { return fallback }
        guard let value = found.string, value.utf8.count < 100 else { throw unexpected(key, found, "a name") }
        return value
    }

    /// Chances of dropout that are not 0, by key.
    func dropout(_ keys: [(key: String, usual: Double)]) throws -> [String: Double] {
        var found: [String: Double] = [:]
        for (key, usual) in keys {
            let chance = try number(key, default: usual)
            if chance > 0 { found[key] = chance }
        }
        return found
    }

    func unexpected(_ key: String, _ found: JSON, _ expected: String) -> Diagnostic {
        Diagnostic("bad-config", "\(source): \(key) is \(found.text().prefix(60)), expected \(expected)")
    }

    func missing(_ key: String) -> Diagnostic {
        Diagnostic(
            "bad-config", "\(source) has no \(key)", hint: "is it the config.json of a supported model?")
    }
}

extension JSON {
    /// The digits that a person would write.
    static func shortest(_ value: Float) -> JSON { .number(Double(value.description) ?? Double(value)) }
}
