/// Rows of numbers that are 0 in most columns: of each the columns that are not, in ascending order.
package struct SparseRows: Sendable {
    let columnCount: Int
    private var starts = [0]
    private var columns: [Int32] = []
    private var values: [Double] = []

    init(columnCount: Int) { self.columnCount = columnCount }

    package var count: Int { starts.count - 1 }

    mutating func append(_ row: some Sequence<(column: Int32, value: Double)>) {
        for (column, value) in row {
            columns.append(column)
            values.append(value)
        }
        starts.append(columns.count)
    }

    /// The row times a column of numbers.
    func product(_ row: Int, _ weights: ArraySlice<Double>) -> Double {
        let first = weights.startIndex
        var sum = 0.0
        for place in starts[row]..<starts[row + 1] {
            sum += values[place] * weights[first + Int(columns[place])]
        }
        return sum
    }

    /// Adds a multiple of the row to numbers that begin at a place.
    func add(_ row: Int, times factor: Double, to numbers: inout [Double], from first: Int) {
        for place in starts[row]..<starts[row + 1] {
            numbers[first + Int(columns[place])] += factor * values[place]
        }
    }
}
