import Datasets
import Display
import Tokenizers
import Training

/// What is to be known of the texts of a prediction: which were trained on, cut, or begun twice.
struct PredictionRemarks {
    /// By text: whether the weights have learned from it.
    let isSeen: [Bool]
    private let cut: Int
    private let doubled: Int
    private let specials: [String]
    private let maxLength: Int

    init(
        _ examples: [Example], _ encoded: [EncodedExample], seen: SeenTexts, tokenizer: any Tokenizer,
        maxLength: Int
    ) {
        isSeen = examples.map { seen.count(among: [$0]) > 0 }
        self.maxLength = maxLength
        cut = encoded.count { $0.cut > 0 }
        doubled = encoded.count { $0.doubled > 0 }
        specials = tokenizer.writtenSpecials
    }

    /// What takes the worth of a test from the answers.
    var warning: String? {
        let count = isSeen.count { $0 }
        guard count > 0 else { return nil }
        guard isSeen.count > 1 else {
            return "the weights have learned from this text: the answer says nothing of others"
        }
        return
            "\(number(count)) of the \(number(isSeen.count)) texts \(count == 1 ? "is" : "are") among those the weights "
            + "have learned from: \(count == 1 ? "its answer says" : "their answers say") nothing of others"
    }

    var notes: [String] {
        var notes: [String] = []
        if cut > 0 {
            notes.append(
                "\(number(cut)) of the texts \(cut == 1 ? "was" : "were") cut to \(number(maxLength)) tokens")
        }
        if doubled > 0 { notes.append(DoubledSpecials.remark(doubled, of: isSeen.count, specials)) }
        return notes
    }

    private func number(_ count: Int) -> String { NumberStyle.automatic.text(Double(count)) }
}
