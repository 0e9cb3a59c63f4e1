import Diagnostics
import Foundation
import JSON

extension KeyDecisions {
    /// What stands inside `rope_parameters`, or `rope_scaling` as it was called; keys of another kind of scaling
    /// are not read by the reference either.
    static let rope = KeyDecisions(
        "config.json",
        [
            "rope_type": .used, "type": .used, "rope_theta": .used, "factor": .used,
            "original_max_position_embeddings": .used, "low_freq_factor": .used, "high_freq_factor": .used,
            "short_factor": .used, "long_factor": .used, "attention_factor": .used, "beta_fast": .used,
            "beta_slow": .used, "mscale": .used, "mscale_all_dim": .used, "truncate": .used,
            "partial_rotary_factor": .only([1], "positions turn the whole head"),
            "mrope_section": .refused("positions in one dimension"),
        ])
}

extension ModelConfig {
    /// Radians a position for each pair of a head's dimensions: `base^(-2i / headWidth)`, scaled.
    var rotaryFrequencies: [Double] {
        let plain = (0..<headWidth / 2).map { pow(rotaryBase, -Double(2 * $0) / Double(headWidth)) }
        return rotaryScaling.scaled(plain, base: rotaryBase)
    }

    /// Reads `rope_scaling` or `rope_parameters`, and `rope_theta`.
    ///
    /// As Transformers 5 takes them: `rope_scaling` before `rope_parameters` where it says anything, and a
    /// `rope_theta` inside before one outside. (Version 4 knew no `rope_parameters` and took the outer one.)
    mutating func readRotary(_ reader: ConfigReader) throws {
        let place = try ["rope_scaling", "rope_parameters"].first { key in
            guard let found = reader.json[key], !found.isNull else { return false }
            guard let object = found.object else { throw reader.unexpected(key, found, "an object") }
            return !object.isEmpty
        }
        let nested = place.flatMap { reader.json[$0] } ?? [:]
        let prefix = place.map { "\($0)." } ?? ""
        try KeyDecisions.rope.check(nested, ignoring: reader.ignored, at: prefix)
        let scaling = ConfigReader(
            json: KeyDecisions.rope.without(reader.ignored, nested, at: prefix),
            source: place.map { "\(reader.source): \($0)" } ?? reader.source)
        rotaryBase = try scaling.positive(
            "rope_theta", default: try reader.positive("rope_theta", default: 10_000))
        rotaryScaling = try RotaryScaling(scaling, context: context, pairs: headWidth / 2)
    }
}

extension RotaryScaling {
    /// - Throws: `bad-config` for a missing part, which the reference does not guess either, and for a kind that
    ///   is not supported.
    fileprivate init(_ reader: ConfigReader, context: Int, pairs: Int) throws {
        switch try reader.text("rope_type", default: try reader.text("type", default: "default")) {
        case "default":
            self = .none
        case "dynamic":
            self = .dynamic(factor: try reader.positive("factor"))
        case "linear":
            self = .linear(factor: try reader.positive("factor"))
        case "llama3":
            let low = try reader.positive("low_freq_factor")
            let high = try reader.positive("high_freq_factor")
            guard low < high else {
                throw Diagnostic(
                    "bad-config",
                    "\(reader.source): low_freq_factor \(low) must be below high_freq_factor \(high)")
            }
            self = .llama3(
                factor: try reader.positive("factor"), low: low, high: high,
                original: Double(try reader.count("original_max_position_embeddings")))
        case "longrope":
            self = .divided(by: try reader.pairFactors(context: context, pairs: pairs))
        case "yarn":
            self = .yarn(try reader.yarn())
        case let other:
            throw Diagnostic(
                "bad-config", "\(reader.source): rotary scaling \(other.prefix(60)) is not supported",
                hint: "default, linear, dynamic, llama3 and yarn are, and longrope with one list of factors")
        }
    }
}

extension ConfigReader {
    fileprivate func yarn() throws -> RotaryScaling.YaRN {
        let factor = try positive("factor")
        func stretch(_ scale: Double) -> Double { factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1 }
        let (scale, whole) = (try number("mscale", default: 0), try number("mscale_all_dim", default: 0))
        let usual = scale > 0 && whole > 0 ? stretch(scale) / stretch(whole) : stretch(1)
        return RotaryScaling.YaRN(
            factor: factor, fast: try positive("beta_fast", default: 32),
            slow: try positive("beta_slow", default: 1),
            original: Double(try count("original_max_position_embeddings")),
            attention: try positive("attention_factor", default: usual),
            isTruncated: try flag("truncate", default: true))
    }

    /// longrope's factors, where they are the same for short and long texts and scores stay as they are.
    fileprivate func pairFactors(context: Int, pairs: Int) throws -> [Double] {
        let original = Double(try count("original_max_position_embeddings"))
        let (short, long) = (try factors("short_factor", pairs), try factors("long_factor", pairs))
        guard short == long || Double(context) <= original else {
            throw Diagnostic(
                "bad-config", "\(source): longrope with other factors for long texts is not supported",
                hint: "max_position_embeddings \(Int(original)) or less reads short texts alone")
        }
        let factor = try positive("factor", default: Double(context) / original)
        let usual = factor <= 1 ? 1 : sqrt(1 + log(factor) / log(original))
        let attention = try positive("attention_factor", default: usual)
        guard attention == 1 else {
            throw Diagnostic(
                "bad-config", "\(source): longrope with an attention_factor of \(attention) is not supported")
        }
        return short
    }

    private func factors(_ key: String, _ pairs: Int) throws -> [Double] {
        guard let found = json[key], !found.isNull else { throw missing(key) }
        let list = found.array?.compactMap(\.number) ?? []
        guard list.count == pairs, list.allSatisfy({ $0 >= 1e-9 && $0 <= 1e12 }) else {
            throw unexpected(key, found, "\(pairs) numbers above 0, one for each pair of a head's dimensions")
        }
        return list
    }
}
