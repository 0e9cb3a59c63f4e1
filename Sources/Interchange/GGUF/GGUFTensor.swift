import Checkpoints
import Compute
import Learning
import Models

/// One tensor of a model on its way into a GGUF file.
struct GGUFTensor {
    let parameter: Parameter
    let name: String
    /// In the file, outermost first.
    let shape: [Int]
    let format: NumberFormat
    private let order: [Int]?
    private let isTransposed: Bool

    /// - `naming`: how the file is read back; it is written so that it reads the same.
    init(_ parameter: Parameter, _ naming: any TensorNaming, as type: GGUFType) {
        self.parameter = parameter
        name = naming.candidates(for: parameter.name)[0]
        isTransposed = naming.liesTransposed(parameter.name)
        shape = isTransposed ? parameter.shape.reversed() : parameter.shape
        format = type.format(of: name, shape: shape)
        order = naming.rowOrder(for: parameter.name, rows: parameter.shape.first ?? 1).map(Self.inverse)
    }

    /// - `merged`: values in the place of the parameter's.
    func write(
        _ merged: Buffer?, to sink: (UnsafeRawBufferPointer) throws -> Void, afterPanel: () throws -> Void
    ) throws {
        try PackedRows(parameter.current(merged), as: format, order: order, transposes: isTransposed)
            .write(to: sink, afterPanel: afterPanel)
    }

    /// For each row of the file the weight's own, from each own row's place in the file.
    static func inverse(_ places: [Int]) -> [Int] {
        var order = [Int](repeating: 0, count: places.count)
        for (own, place) in places.enumerated() { order[place] = own }
        return order
    }
}

extension Parameter {
    /// Its values as they are now, or others in their place.
    func current(_ merged: Buffer? = nil) -> any WeightStorage {
        (merged ?? buffer).map { DenseWeights(shape: shape, values: $0) } ?? source
    }
}
