/// How special tokens are put around one text or two.
struct Template: Sendable {
    enum Part: Sendable {
        case special(Int32, segment: Int32)
        case first(segment: Int32)
        case second(segment: Int32)
    }

    var single: [Part] = [.first(segment: 0)]
    var pair: [Part] = [.first(segment: 0), .second(segment: 1)]

    /// The special tokens that it names.
    var specials: [Int32] {
        (single + pair).compactMap { if case .special(let id, _) = $0 { id } else { nil } }
    }

    /// BERT's: `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
    static func bert(cls: Int32, sep: Int32) -> Template {
        Template(
            single: [.special(cls, segment: 0), .first(segment: 0), .special(sep, segment: 0)],
            pair: [
                .special(cls, segment: 0), .first(segment: 0), .special(sep, segment: 0),
                .second(segment: 1), .special(sep, segment: 1),
            ])
    }

    /// A token before each text, one after it, or neither.
    static func surrounding(bos: Int32?, eos: Int32?) -> Template {
        func around(_ part: Part, _ segment: Int32) -> [Part] {
            [bos.map { .special($0, segment: segment) }, part, eos.map { .special($0, segment: segment) }]
                .compactMap { $0 }
        }
        let first = around(.first(segment: 0), 0)
        return Template(single: first, pair: first + around(.second(segment: 1), 1))
    }
}
