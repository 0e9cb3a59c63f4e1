/// How special tokens are put around one text or two.
package struct Template: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case special(Int32, segment: Int32)
        case first(segment: Int32)
        case second(segment: Int32)
    }

    package var single: [Part]
    package var pair: [Part]

    package init(
        single: [Part] = [.first(segment: 0)], pair: [Part] = [.first(segment: 0), .second(segment: 1)]
    ) {
        self.single = single
        self.pair = pair
    }

    /// The special tokens that it names.
    var specials: [Int32] { (single + pair).compactMap(\.special) }

    /// Whether something stands between two texts.
    var separatesPairs: Bool {
        let places = pair.indices.filter { pair[$0].special == nil }
        return places.count < 2 || places[1] > places[0] + 1
    }

    /// How many special tokens it puts around one text or two.
    func specialCount(isPair: Bool) -> Int { (isPair ? pair : single).compactMap(\.special).count }

    /// The special tokens before a text, and those after it.
    package var around: (before: [Int32], after: [Int32]) {
        let place = single.firstIndex { $0.special == nil } ?? single.endIndex
        return (single[..<place].compactMap(\.special), single[place...].compactMap(\.special))
    }

    /// BERT's: `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
    package static func bert(cls: Int32, sep: Int32) -> Template {
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

    /// The ids of the texts with the special tokens, and the segment of each.
    func assemble(
        _ first: some Collection<Int32>, _ second: (some Collection<Int32>)?
    ) -> (ids: [Int32], segments: [Int32]) {
        var ids: [Int32] = []
        var segments: [Int32] = []
        func append(_ more: some Collection<Int32>, _ segment: Int32) {
            ids.append(contentsOf: more)
            segments.append(contentsOf: repeatElement(segment, count: more.count))
        }
        for part in second == nil ? single : pair {
            switch part {
            case .special(let id, let segment): append([id], segment)
            case .first(let segment): append(first, segment)
            case .second(let segment): if let second { append(second, segment) }
            }
        }
        return (ids, segments)
    }
}

extension Template.Part {
    fileprivate var special: Int32? {
        if case .special(let id, _) = self { id } else { nil }
    }
}
