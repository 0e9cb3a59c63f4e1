/// Curves for a terminal: dots of two by four to a letter, marks over them, a scale at the left.
package struct BrailleCurve {
    private let columns: Int
    private let lines: Int
    private let x: ClosedRange<Double>
    private let y: ClosedRange<Double>
    private var dots: [[UInt8]]
    private var marks: [[Character?]]

    /// The bits of a letter's dots: two columns of four, from the top.
    private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// - `columns`, `lines`: letters of the drawing, without the scale.
    package init(columns: Int = 64, lines: Int = 8, x: ClosedRange<Double>, y: ClosedRange<Double>) {
        (self.columns, self.lines) = (columns, lines)
        (self.x, self.y) = (Self.open(x), Self.open(y))
        dots = Array(repeating: Array(repeating: 0, count: columns), count: lines)
        marks = Array(repeating: Array(repeating: nil, count: columns), count: lines)
    }

    private static func open(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        range.upperBound > range.lowerBound ? range : range.lowerBound - 0.5...range.lowerBound + 0.5
    }

    /// Where a point falls among the dots; nil outside.
    private func place(_ point: (x: Double, y: Double)) -> (column: Int, row: Int)? {
        guard point.x.isFinite, point.y.isFinite, x.contains(point.x) else { return nil }
        let across = (point.x - x.lowerBound) / (x.upperBound - x.lowerBound)
        let down = (y.upperBound - point.y) / (y.upperBound - y.lowerBound)
        return (
            Int((across * Double(2 * columns - 1)).rounded()),
            Int((min(1, max(0, down)) * Double(4 * lines - 1)).rounded())
        )
    }

    /// Joins the points, in their order; what lies above or below runs along the edge.
    package mutating func add(line points: [(x: Double, y: Double)]) {
        var last: (column: Int, row: Int)?
        for point in points {
            guard let here = place(point) else { continue }
            let from = last ?? here
            let count = max(1, max(abs(here.column - from.column), abs(here.row - from.row)))
            for step in 0...count {
                let column = from.column + (here.column - from.column) * step / count
                let row = from.row + (here.row - from.row) * step / count
                dots[row / 4][column / 2] |= Self.bits[column % 2][row % 4]
            }
            last = here
        }
    }

    /// Puts a letter over the curve.
    package mutating func add(mark: Character, at point: (x: Double, y: Double)) {
        guard let place = place(point) else { return }
        marks[place.row / 4][place.column / 2] = mark
    }

    /// The letter of one curve of several, 1 to 9 and on with a to z; nil beyond them.
    static func letter(of number: Int) -> Character? {
        number < 36 ? String(number, radix: 36).last : nil
    }

    /// Puts the letter of one curve of several over it, each at another place along them; nothing over a single one.
    package mutating func add(number: Int, of count: Int, along points: [(x: Double, y: Double)]) {
        let drawn = points.filter { place($0) != nil }
        guard count > 1, let letter = Self.letter(of: number), !drawn.isEmpty else { return }
        add(mark: letter, at: drawn[(drawn.count - 1) * min(number, count) / count])
    }

    /// Lines from the top: the scale of y at the left, that of x below.
    ///
    /// - `rules`: places along x that are named below the drawing; `name`: what they are called.
    package func lines(
        style: NumberStyle, rules: [Double], unit: String,
        name: (Double) -> String = { NumberStyle.automatic.text($0) }
    ) -> [String] {
        let height = y.upperBound - y.lowerBound
        let labels = (0..<lines).map { line in
            style.text(y.upperBound - (Double(line) + 0.5) / Double(lines) * height)
        }
        let width = labels.map(\.count).max() ?? 0
        let body = (0..<lines).map { line in
            let letters = (0..<columns).map { column -> Character in
                if let mark = marks[line][column] { return mark }
                let dots = dots[line][column]
                return dots == 0 ? " " : Character(UnicodeScalar(0x2800 + UInt32(dots)) ?? " ")
            }
            let text = String(letters).replacing(/\ +$/, with: "")
            return labels[line].padded(to: width, .trailing) + " ┤" + text
        }
        return body + axis(margin: width + 1, rules: rules.map { ($0, name($0)) }, unit: unit)
    }

    private func axis(margin: Int, rules: [(place: Double, name: String)], unit: String) -> [String] {
        var line = Array(repeating: Character("─"), count: columns)
        var names = Array(repeating: Character(" "), count: columns + 12)
        var free = 0
        for (rule, text) in rules {
            guard let column = place((rule, y.lowerBound)).map({ $0.column / 2 }) else { continue }
            if column > 0 { line[column] = "┴" }
            let start = max(0, min(column - text.count / 2, columns + 11 - text.count))
            guard start >= free else { continue }
            for (index, letter) in text.enumerated() { names[start + index] = letter }
            free = start + text.count + 1
        }
        let below = String(names).replacing(/\ +$/, with: "")
        let space = String(repeating: " ", count: margin)
        return [space + "└" + String(line), space + " " + below + " " + unit]
    }
}
