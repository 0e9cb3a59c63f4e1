import Foundation

/// Seconds that a clock told. They are written in as many letters whatever they are, to the microsecond: what a run
/// weighs depends on the run and not on how long it took.
@propertyWrapper
package struct ClockSeconds: Sendable, Hashable, Codable {
    package var wrappedValue: Double

    package init(wrappedValue: Double) { self.wrappedValue = wrappedValue }

    package init(from decoder: any Swift.Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Runs of before have plain numbers, and are not over for that.
        if let seconds = try? container.decode(Double.self) {
            wrappedValue = seconds
            return
        }
        let text = try container.decode(String.self)
        guard let seconds = Double(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is no number of seconds")
        }
        wrappedValue = seconds
    }

    package func encode(to encoder: any Swift.Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(format: "%018.6f", wrappedValue))
    }
}
