import Compute
import Learning
import Models
import TestFixtures

/// The smallest method of each kind of hook, each with one table of trained numbers.
enum SmallHook: String, CaseIterable {
    case linear, table, leading, keysAndValues, output, replaced

    /// Begins with numbers other than zero, so that every gradient shows.
    func tuning(of model: any LanguageModel) throws -> Tuning {
        let width = model.config.width
        let columns = model.config.keyValueHeads * model.config.headWidth
        var tuning = Tuning(reach: .embeddings)
        var trained: [Parameter] = []
        func table(_ name: String, rows: Int, columns: Int) -> Parameter {
            let parameter = Parameter(
                name: name, shape: [rows, columns], buffer: Buffer(count: rows * columns))
            parameter.fill(scale: 0.3, phase: Double(trained.count))
            trained.append(parameter)
            return parameter
        }
        switch self {
        case .linear:
            tuning.reach = .block(1)
            for linear in model.linears where model.blockIndex(of: linear.path) == 1 {
                tuning.linears[linear.path] = Shifted(
                    by: table(linear.path, rows: 1, columns: linear.outputs))
            }
        case .table:
            let words = ["embeddings.word_embeddings.weight", "wte.weight", "embed_tokens.weight"]
            for name in words where model.store[name] != nil {
                tuning.tables[name] = Classed(by: table("classes", rows: 3, columns: width))
            }
        case .leading: tuning.leading = First(table("first", rows: 3, columns: width))
        case .keysAndValues:
            for block in 0..<model.config.blocks {
                // Another number in each block.
                tuning.keyValues[block] = Seen(
                    keys: table("keys \(block)", rows: 1 + block, columns: columns),
                    values: table("values \(block)", rows: 1 + block, columns: columns))
            }
        case .output:
            tuning.reach = .block(0)
            tuning.outputs[0] = Ends(by: table("ends", rows: 3, columns: width))
        case .replaced:
            for parameter in model.store.parameters where model.blockIndex(of: parameter.name) == 1 {
                let own = parameter.successor()
                tuning.replaced[own.name] = own
                trained.append(own)
            }
            tuning.reach = .block(1)
        }
        tuning.groups = [ParameterGroup(trained)]
        return tuning
    }
}

/// The layer's output and a trained row.
private struct Shifted: LinearHook {
    let row: Parameter
    init(by row: Parameter) { self.row = row }
    var parameters: [Parameter] { [row] }
    func with(_ own: (Parameter) -> Parameter) -> Shifted { Shifted(by: own(row)) }
    func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        pass.add(try base.plain(x, pass), pass.embed([Int32](repeating: 0, count: x.rows), table: row))
    }
    func merged(_ values: LinearValues) -> LinearValues? { nil }
    func keptColumns(of base: Linear) -> Int { base.outputs }
}

/// The table's rows and one of three more, by the token's number.
private struct Classed: TableHook {
    let classes: Parameter
    init(by classes: Parameter) { self.classes = classes }
    var parameters: [Parameter] { [classes] }
    func with(_ own: (Parameter) -> Parameter) -> Classed { Classed(by: own(classes)) }
    func rows(_ ids: [Int32], of table: Parameter, _ pass: Pass) -> Tensor {
        pass.add(pass.embed(ids, table: table), pass.embed(ids.map { $0 % 3 }, table: classes))
    }
}

private struct First: RowHook {
    let table: Parameter
    init(_ table: Parameter) { self.table = table }
    var parameters: [Parameter] { [table] }
    var count: Int { table.rows }
    func with(_ own: (Parameter) -> Parameter) -> First { First(own(table)) }
    func rows(_ pass: Pass) -> Tensor { pass.embed((0..<Int32(count)).map { $0 }, table: table) }
}

private struct Seen: KeyValueHook {
    let keys, values: Parameter
    var parameters: [Parameter] { [keys, values] }
    var count: Int { keys.rows }
    func with(_ own: (Parameter) -> Parameter) -> Seen { Seen(keys: own(keys), values: own(values)) }
    func keysAndValues(_ pass: Pass) -> (keys: Tensor, values: Tensor) {
        let all = (0..<Int32(count)).map { $0 }
        return (pass.embed(all, table: keys), pass.embed(all, table: values))
    }
}

/// One row for a prompt's first two tokens, another for its last two, a third for the rest.
private struct Ends: BlockHook {
    let table: Parameter
    init(by table: Parameter) { self.table = table }
    var parameters: [Parameter] { [table] }
    var endCount: Int { 2 }
    func with(_ own: (Parameter) -> Parameter) -> Ends { Ends(by: own(table)) }
    func keptValues(ofWidth width: Int) -> Int { 0 }
    func adjust(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        var ids = [Int32](repeating: 2, count: h.rows)
        for sequence in 0..<pass.layout.sequenceCount {
            let prompt = pass.layout.prompt(of: sequence)
            for (index, row) in prompt.rows.enumerated() {
                let place = prompt.before + index
                if place < 2 { ids[row] = 0 }
                if place >= prompt.count - 2 { ids[row] = 1 }
            }
        }
        return pass.add(h, pass.embed(ids, table: table))
    }
}
