import Display
import Models

extension HeldWeights {
    private var size: String { NumberStyle.bytes.text(Double(byteCount)) }

    /// `71 MB as NF4, Q8_0 and F32`
    var text: String {
        let last = forms.last ?? "F32"
        let others = forms.dropLast().joined(separator: ", ")
        return "\(size) as \(others.isEmpty ? last : "\(others) and \(last)")"
    }

    /// A sentence.
    var note: String { "the base's weights take \(text)" }
}
