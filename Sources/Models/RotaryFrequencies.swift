import Diagnostics
import Foundation
import JSON

extension ModelConfig {
    /// Radians a position for each pair of a head's dimensions: `base^(-2i / headWidth)`, scaled.
    var rotaryFrequencies: [Double] {
        (0..<headWidth / 2).map { pair in
            let frequency = pow(rotaryBase, -Double(2 * pair) / Double(headWidth))
            switch rotaryScaling {
            case .none: return frequency
            case .linear(let factor): return frequency / factor
            case .llama3(let factor, let low, let high, let original):
                let wavelength = 2 * Double.pi / frequency
                if wavelength < original / high { return frequency }
                if wavelength > original / low { return frequency / factor }
                let smooth = (original / wavelength - low) / (high - low)
                return (1 - smooth) * frequency / factor + smooth * frequency
            }
        }
    }

    /// Reads `rope_theta` and `rope_scaling`, or the newer `rope_parameters` that holds both.
    mutating func readRotary(_ reader: ConfigReader) throws {
        let nested = reader.json["rope_parameters"] ?? reader.json["rope_scaling"] ?? .null
        let scaling = ConfigReader(json: nested, source: reader.source)
        rotaryBase = try reader.positive(
            "rope_theta", default: try scaling.positive("rope_theta", default: 10_000))
        guard nested.object != nil else { return }
        switch try scaling.text("rope_type", default: try scaling.text("type", default: "default")) {
        case "default": break
        case "linear": rotaryScaling = .linear(factor: try scaling.positive("factor", default: 1))
        case "llama3":
            let low = try scaling.positive("low_freq_factor", default: 1)
            let high = try scaling.positive("high_freq_factor", default: 4)
            guard low < high else {
                throw Diagnostic(
                    "bad-config",
                    "\(reader.source): low_freq_factor \(low) must be below high_freq_factor \(high)")
            }
            rotaryScaling = .llama3(
                factor: try scaling.positive("factor", default: 8), low: low, high: high,
                original: try scaling.positive("original_max_position_embeddings", default: 8192))
        case let other:
            throw Diagnostic(
                "bad-config", "\(reader.source): rotary scaling \(other) is not supported",
                hint: "default, linear and llama3 are")
        }
    }
}
