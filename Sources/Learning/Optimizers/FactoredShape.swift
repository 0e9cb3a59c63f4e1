/// A parameter as matrices: the last two of its dimensions are rows and columns, and those before count them.
struct FactoredShape: Sendable {
    let matrices, rows, columns: Int

    init(matrices: Int, rows: Int, columns: Int) {
        (self.matrices, self.rows, self.columns) = (matrices, rows, columns)
    }

    /// Nil for a vector.
    init?(_ parameter: Parameter) {
        let shape = parameter.shape
        guard shape.count >= 2, parameter.count > 0 else { return nil }
        self.init(
            matrices: shape.dropLast(2).reduce(1, *), rows: shape[shape.count - 2], columns: parameter.columns
        )
    }

    var allRows: Int { matrices * rows }
    var allColumns: Int { matrices * columns }

    /// Neighbouring rows of one matrix, few enough that workers share a large one.
    struct Piece: Sendable {
        let number: Int
        /// Of all values, of all rows, and of all columns: the first of these.
        let start, firstRow, firstColumn: Int
        let rows: Int
    }

    private var rowsOfPiece: Int { max(1, (1 << 18) / max(1, columns)) }
    var piecesOfMatrix: Int { (rows + rowsOfPiece - 1) / rowsOfPiece }
    var pieceCount: Int { matrices * piecesOfMatrix }

    func piece(_ number: Int) -> Piece {
        let (matrix, piece) = number.quotientAndRemainder(dividingBy: piecesOfMatrix)
        let (first, firstRow) = (piece * rowsOfPiece, matrix * rows + piece * rowsOfPiece)
        return Piece(
            number: number, start: firstRow * columns, firstRow: firstRow, firstColumn: matrix * columns,
            rows: min(rowsOfPiece, rows - first))
    }
}
