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

    package enum RotaryScaling: Sendable, Hashable {
        case none
        /// Every frequency divided by the factor.
        case linear(factor: Double)
        /// LLaMA 3.1's: long wavelengths divided by `factor`, short ones kept, a ramp between.
        case llama3(factor: Double, low: Double, high: Double, original: Double)
    }

    /// Parameters of the base model, without heads, for a memory estimate.
    package var headWidthTotal: Int { heads * headWidth }
}

/// Reads required and optional keys of a configuration, with a message that names file and key.
struct ConfigReader {
    let json: JSON
    let source: String

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
    func positive(_ key: String, default fallback: Double) throws -> Double {
        let value = try number(key, default: fallback)
        guard value >= 1e-9, value <= 1e12 else {
            throw Diagnostic("bad-config", "\(source): \(key) is \(value), expected a number above 0")
        }
        return value
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

    private func unexpected(_ key: String, _ found: JSON, _ expected: String) -> Diagnostic {
        Diagnostic("bad-config", "\(source): \(key) is \(found.text().prefix(60)), expected \(expected)")
    }

    func missing(_ key: String) -> Diagnostic {
        Diagnostic(
            "bad-config", "\(source) has no \(key)", hint: "is it the config.json of a supported model?")
    }
}
