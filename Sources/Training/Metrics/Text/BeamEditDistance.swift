/// The least number of words to insert, delete and replace, along the diagonal alone: 25 places to either side of it.
///
/// Of equally cheap ways the one is taken that keeps or replaces, else deletes, else inserts.
struct BeamEditDistance {
    let words: [Int]
    let reference: [Int]
    /// Of every beginning of the words to every beginning of the reference.
    private let rows: [[Cell]]

    private static let width = 25
    private static let unreached = 1 << 53

    private enum Edit { case kept, replaced, inserted, deleted, none }

    private struct Cell {
        var cost = BeamEditDistance.unreached
        var edit = Edit.none

        mutating func offer(_ cost: Int, _ edit: Edit) {
            if cost < self.cost { (self.cost, self.edit) = (cost, edit) }
        }
    }

    init(from words: [Int], to reference: [Int]) {
        (self.words, self.reference) = (words, reference)
        let first = (0...reference.count).map { Cell(cost: $0, edit: .inserted) }
        rows = Self.rows(words, reference, after: [first])
    }

    var cost: Int { rows[words.count][reference.count].cost }

    /// Of other words, as many as these: what both begin with has been computed.
    func cost(of other: [Int]) -> Int {
        precondition(other.count == words.count, "\(other.count) words in place of \(words.count)")
        let common = zip(words, other).prefix { $0 == $1 }.count
        return Self.rows(other, reference, after: rows[...common])[words.count][reference.count].cost
    }

    private static func rows(
        _ words: [Int], _ reference: [Int], after known: ArraySlice<[Cell]>
    ) -> [[Cell]] {
        var rows = Array(known)
        let slope = words.isEmpty ? 1 : Double(reference.count) / Double(words.count)
        // Where lengths are too different neighbouring rows would not overlap.
        let beam = Double(width) < slope / 2 ? Int((slope / 2 + Double(width)).rounded(.up)) : width
        while rows.count <= words.count {
            let number = rows.count
            let centre = Int((Double(number) * slope).rounded(.down))
            let end = number == words.count ? reference.count : min(reference.count, centre + beam - 1)
            let before = rows[number - 1]
            var row = [Cell](repeating: Cell(), count: reference.count + 1)
            for place in max(0, centre - beam)...max(0, end) {
                guard place > 0 else {
                    row[0] = Cell(cost: before[0].cost + 1, edit: .deleted)
                    continue
                }
                let isKept = words[number - 1] == reference[place - 1]
                row[place].offer(before[place - 1].cost + (isKept ? 0 : 1), isKept ? .kept : .replaced)
                row[place].offer(before[place].cost + 1, .deleted)
                row[place].offer(row[place - 1].cost + 1, .inserted)
            }
            rows.append(row)
        }
        return rows
    }

    /// Which word of the text stands for each of the reference, and where either is wrong.
    struct Alignment {
        /// For each word of the reference the word of the text that stands for it, or after which it is missing; -1
        /// before the first.
        var places: [Int]
        var isUnmet: [Bool]
        var isWrong: [Bool]
    }

    var alignment: Alignment {
        var alignment = Alignment(
            places: Array(repeating: -1, count: reference.count),
            isUnmet: Array(repeating: true, count: reference.count),
            isWrong: Array(repeating: true, count: words.count))
        var (word, place) = (words.count, reference.count)
        while word > 0 || place > 0 {
            let edit = rows[word][place].edit
            switch edit {
            case .kept, .replaced:
                (word, place) = (word - 1, place - 1)
                alignment.places[place] = word
                (alignment.isUnmet[place], alignment.isWrong[word]) = (edit != .kept, edit != .kept)
            case .inserted:
                place -= 1
                alignment.places[place] = word - 1
            case .deleted: word -= 1
            case .none: preconditionFailure("no way from \(word) words to \(place)")
            }
        }
        return alignment
    }
}
