import Learning

/// How much room a model's weights take, and in which forms they are held.
package struct HeldWeights: Sendable {
    package let byteCount: Int
    /// `NF4`, `F32`: that of the most bytes first.
    package let forms: [String]

    init(_ parameters: [Parameter]) {
        var bytes: [String: Int] = [:]
        for parameter in parameters { bytes[parameter.heldForm, default: 0] += parameter.heldByteCount }
        byteCount = bytes.values.reduce(0, +)
        forms = bytes.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
    }
}

extension ParameterStore {
    package var held: HeldWeights { HeldWeights(parameters) }

    /// The four-bit form of a quantised model's layers; nil for a model without such.
    package var quantisation: String? { parameters.lazy.compactMap(\.quantisation).first?.rawValue }
}
