import Diagnostics
import Foundation
import JSON

/// How rotary positions are stretched beyond the length that a model was first trained on.
package enum RotaryScaling: Sendable, Hashable {
    case none
    /// Every frequency divided by the factor.
    case linear(factor: Double)
    /// Frequencies change for texts beyond the context alone, and none are read there.
    case dynamic(factor: Double)
    /// LLaMA 3.1's: long wavelengths divided by `factor`, short ones kept, a ramp between.
    case llama3(factor: Double, low: Double, high: Double, original: Double)
    /// Each pair's frequency divided by its own factor: GGUF's `rope_freqs.weight`.
    case divided(by: [Double])
    /// YaRN (Peng et al. 2023): fast pairs kept, slow ones divided, a ramp between; longer scores.
    case yarn(YaRN)

    package struct YaRN: Sendable, Hashable {
        var factor: Double
        /// Turns within the original length: pairs above `fast` are kept, below `slow` divided.
        var fast = 32.0
        var slow = 1.0
        /// The length that the model was first trained on.
        var original: Double
        /// What queries and keys are multiplied by.
        var attention: Double
        /// Whether the ramp begins and ends at whole pairs.
        var isTruncated = true
    }

    /// What queries and keys are multiplied by as they turn.
    var attention: Double {
        if case .yarn(let yarn) = self { yarn.attention } else { 1 }
    }

    /// The frequencies of the unscaled pairs, `base^(-2i / headWidth)`, scaled.
    func scaled(_ frequencies: [Double], base: Double) -> [Double] {
        switch self {
        case .none, .dynamic: frequencies
        case .linear(let factor): frequencies.map { $0 / factor }
        case .divided(let factors): zip(frequencies, factors).map { $0 / $1 }
        case .llama3(let factor, let low, let high, let original):
            frequencies.map { frequency in
                let wavelength = 2 * Double.pi / frequency
                if wavelength < original / high { return frequency }
                if wavelength > original / low { return frequency / factor }
                let smooth = (original / wavelength - low) / (high - low)
                return (1 - smooth) * frequency / factor + smooth * frequency
            }
        case .yarn(let yarn): yarn.scaled(frequencies, base: base)
        }
    }

    /// As `rope_scaling` of a config.json says it, with the same frequencies.
    ///
    /// - `context`: the model's; factors of single pairs are written as longrope's, which has two lists for
    ///   texts below and above a length: here the same.
    func reference(context: Int) -> JSON {
        switch self {
        case .none: return .null
        case .linear(let factor): return ["rope_type": "linear", "factor": .number(factor)]
        case .dynamic(let factor): return ["rope_type": "dynamic", "factor": .number(factor)]
        case .llama3(let factor, let low, let high, let original):
            return [
                "rope_type": "llama3", "factor": .number(factor), "low_freq_factor": .number(low),
                "high_freq_factor": .number(high),
                "original_max_position_embeddings": .integer(Int(original)),
            ]
        case .divided(let factors):
            let list = JSON.array(factors.map(JSON.number))
            return [
                "rope_type": "longrope", "short_factor": list, "long_factor": list, "factor": 1.0,
                "attention_factor": 1.0, "original_max_position_embeddings": .integer(context),
            ]
        case .yarn(let yarn):
            return [
                "rope_type": "yarn", "factor": .number(yarn.factor), "beta_fast": .number(yarn.fast),
                "beta_slow": .number(yarn.slow), "attention_factor": .number(yarn.attention),
                "truncate": .bool(yarn.isTruncated),
                "original_max_position_embeddings": .integer(Int(yarn.original)),
            ]
        }
    }
}

extension RotaryScaling.YaRN {
    /// As the reference computes them.
    fileprivate func scaled(_ frequencies: [Double], base: Double) -> [Double] {
        let width = Double(2 * frequencies.count)
        func pair(turning turns: Double) -> Double {
            width * log(original / (turns * 2 * .pi)) / (2 * log(base))
        }
        let (first, last) = (pair(turning: fast), pair(turning: slow))
        let low = max(isTruncated ? first.rounded(.down) : first, 0)
        var high = min(isTruncated ? last.rounded(.up) : last, width - 1)
        if low == high { high += 0.001 }
        return frequencies.enumerated().map { index, frequency in
            let ramp = min(max((Double(index) - low) / (high - low), 0), 1)
            return frequency / factor * ramp + frequency * (1 - ramp)
        }
    }
}
