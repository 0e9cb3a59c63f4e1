import Datasets
import System
import Tokenizers

/// Which tokens of a row an encoder has to fill in, and what it reads in their place, as Transformers'
/// `DataCollatorForLanguageModeling` has it.
///
/// Each token but the special ones is learned with the chance `share`. Of those, `masked` are read as the mask and
/// `swapped` as a token drawn from the whole vocabulary; the rest stand as they are. One difference: of a row of which
/// chance would have nothing learned, one token that is drawn is (as in BERT's own data), so that no batch is empty.
struct MaskDraw: Sendable {
    private let masking: Masking
    private let mask: Int32
    private let vocabulary: Int
    /// Tokens that stand for nothing that was written.
    private let special: Set<Int32>

    /// - `mask`: the token that stands for what is to be filled in.
    /// - `vocabulary`: tokens that a word may be swapped for.
    init(_ masking: Masking, mask: Int32, vocabulary: Int, special: SpecialTokens) {
        (self.masking, self.mask, self.vocabulary) = (masking, mask, vocabulary)
        self.special = special.all.union([mask])
    }

    /// The tokens of a row as they were written.
    func restored(_ row: Row) -> [Int32] {
        var ids = row.ids
        for learned in row.learned {
            if let label = learned.target?.label { ids[learned.place] = Int32(label) }
        }
        return ids
    }

    /// Places whose tokens may be masked; one that the model has no row for is left for it to refuse.
    private func places(of ids: [Int32]) -> [Int] {
        ids.indices.filter { !special.contains(ids[$0]) && Int(ids[$0]) < vocabulary }
    }

    /// - `ids`: as they were written.
    /// - `random`: three numbers of it are for each place, by its number, so that no place changes what is drawn for another.
    func row(_ ids: [Int32], by random: CounterRandom) -> Row {
        let own = CounterRandom(key: random[Row.identity(of: ids)])
        func chance(_ place: Int, _ draw: Int) -> Double {
            Double(own[UInt64(3 * place + draw)] >> 11) * 0x1p-53
        }
        let places = places(of: ids)
        var chosen = places.filter { chance($0, 0) < masking.share }
        if chosen.isEmpty, !places.isEmpty {
            chosen = [places[own.index(3 * ids.count, below: places.count)]]
        }
        var read = ids
        for place in chosen {
            let kind = chance(place, 1)
            if kind < masking.masked {
                read[place] = mask
            } else if kind < masking.masked + masking.swapped {
                read[place] = Int32(own.index(3 * place + 2, below: vocabulary))
            }
        }
        return masked(ids, at: chosen, reading: read)
    }

    /// A row for each token that may be masked, in which it alone is.
    func rowsOfEach(_ ids: [Int32]) -> [Row] {
        places(of: ids).map { place in
            var read = ids
            read[place] = mask
            return masked(ids, at: [place], reading: read)
        }
    }

    private func masked(_ ids: [Int32], at places: [Int], reading read: [Int32]) -> Row {
        Row(
            ids: read, identity: Row.identity(of: read),
            learned: places.map { Learned(place: $0, .label(Int(ids[$0]))) })
    }
}

extension SpecialTokens {
    fileprivate var all: Set<Int32> { Set([bos, eos, cls, sep, pad, unk, mask].compactMap(\.self)) }
}
