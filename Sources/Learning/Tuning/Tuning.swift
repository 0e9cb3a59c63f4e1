import Compute

/// What is changed about a base model, as a value: a pass runs under it, and the base never changes.
///
/// Its parameters are objects that one run writes; `copy()` gives a tuning with parameters of its own.
package struct Tuning: Sendable {
    /// What is trained.
    package var groups: [ParameterGroup] = [] {
        didSet { trained = Self.identities(of: groups) }
    }
    /// How parameters were trained that were frozen, by their names, so that unfrozen they are trained so again.
    package var rested: [String: ParameterGroup] = [:]
    /// By the layer's path.
    package var linears: [String: any LinearHook] = [:]
    /// By the name of the table.
    package var tables: [String: any TableHook] = [:]
    /// Rows that are put before every sequence, or among its first tokens.
    package var leading: (any RowHook)?
    /// By the number of the block.
    package var keyValues: [Int: any KeyValueHook] = [:]
    package var outputs: [Int: any BlockHook] = [:]
    /// Parameters in place of the base's, by the base's name; trained or not.
    package var replaced: [String: Parameter] = [:]
    /// What of it rests when; nil where all learns all the time.
    package var phases: (any Phases)?
    /// What is zeroed in training; the base's own dropout stays off.
    package var dropout = DropoutRates()
    /// NEFTune's alpha, of the noise on what the words' table gives in training; 0 for none.
    package var noise: Float = 0
    /// The lowest place that it changes: what lies below is the base's.
    package var reach: Part
    /// Whether its first values change what the base gives, so that a run does not begin with the base's answers.
    package var beginsElsewhere = false

    private var trained: Set<ObjectIdentifier> = []

    package init(reach: Part = .head) { self.reach = reach }

    private static func identities(of groups: [ParameterGroup]) -> Set<ObjectIdentifier> {
        Set(groups.lazy.flatMap(\.parameters).map { ObjectIdentifier($0) })
    }

    package func trains(_ parameter: Parameter) -> Bool { trained.contains(ObjectIdentifier(parameter)) }

    /// What is trained, in the order of the groups.
    package var trainedParameters: [Parameter] { groups.flatMap(\.parameters) }

    /// What stands in the place of a parameter of the base: itself, where nothing does.
    package func current(_ parameter: Parameter) -> Parameter { replaced[parameter.name] ?? parameter }

    /// Rows before a sequence's first token, of `leading`, and keys before its first, of `keyValues`.
    package var leadingCount: Int { leading?.count ?? 0 }
    package var keyValueCount: Int { keyValues.values.reduce(0) { max($0, $1.count) } }

    /// Positions that a sequence's tokens do without.
    package var positionCount: Int { leadingCount + keyValueCount }

    /// Tokens at a prompt's end that a block's hook tells from others.
    package var endCount: Int { outputs.values.reduce(0) { max($0, $1.endCount) } }
}

// MARK: - Parts of it

/// What a tuning attaches somewhere, with parameters of its own.
package protocol Hook: Sendable {
    var parameters: [Parameter] { get }
    /// How they are trained.
    var groups: [ParameterGroup] { get }
    /// What its outputs depend on besides, which is never trained.
    var constants: [Parameter] { get }
    /// What else decides its outputs, where that can differ from layer to layer; nil for nothing.
    var setting: String? { get }
    /// The same with other parameters in the place of these.
    func with(_ own: (Parameter) -> Parameter) -> Self
}

extension Hook {
    package var groups: [ParameterGroup] { [ParameterGroup(parameters)] }
    package var constants: [Parameter] { [] }
    package var setting: String? { nil }
}

/// A change of a linear layer.
package protocol LinearHook: Hook {
    /// The changed layer: (tokens, in) to (tokens, out).
    func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor

    /// Whether it is but the other end of a table's hook, which stands for both.
    var followsTable: Bool { get }

    /// Is called before the passes of a step, and of an evaluation.
    ///
    /// - `base`: with the weight that stands there now, the tuning's own where it has one.
    func prepare(_ base: Linear) throws

    /// Values that give the same outputs without the hook; nil where there are none.
    ///
    /// - `values`: the base's, which may be written over.
    func merged(_ values: LinearValues) -> LinearValues?

    /// Values a token that a pass keeps for it until it has gone back, beside what is kept without it.
    func keptColumns(of base: Linear) -> Int
}

extension LinearHook {
    package func prepare(_ base: Linear) throws {}
    package var followsTable: Bool { false }
}

/// What a linear layer holds: `y = W·x + b`.
package struct LinearValues {
    /// As `layout` says.
    package let weight: Buffer
    /// (out)
    package var bias: Buffer?
    package let layout: WeightLayout
    package let inputs, outputs: Int

    package init(weight: Buffer, bias: Buffer?, layout: WeightLayout, inputs: Int, outputs: Int) {
        self.weight = weight
        self.bias = bias
        self.layout = layout
        (self.inputs, self.outputs) = (inputs, outputs)
    }
}

/// A change of what a table gives for tokens; a head that is tied to the table does not see it.
package protocol TableHook: Hook {
    /// One row a token: (ids, width).
    func rows(_ ids: [Int32], of table: Parameter, _ pass: Pass) -> Tensor

    /// A table that gives the same rows without the hook; nil where there is none.
    ///
    /// - `values`: the base's, which may be written over.
    func merged(_ values: Buffer) -> Buffer?

    /// What becomes of a head that is tied to the table, where that is changed with it; nil where it is not.
    var tiedHead: (any LinearHook)? { get }
}

extension TableHook {
    package func merged(_ values: Buffer) -> Buffer? { nil }
    package var tiedHead: (any LinearHook)? { nil }
}

/// Rows that every sequence has before its tokens, or among the first of them.
package protocol RowHook: Hook {
    var count: Int { get }
    /// How many of a sequence's tokens stand before them; no more than any sequence has.
    var tokensBefore: Int { get }
    /// (count, width)
    func rows(_ pass: Pass) -> Tensor
}

extension RowHook {
    package var tokensBefore: Int { 0 }
}

/// Keys and values that every sequence's tokens see in a block before their own.
package protocol KeyValueHook: Hook {
    var count: Int { get }
    /// Each (count, keyValueHeads × headWidth).
    func keysAndValues(_ pass: Pass) throws -> (keys: Tensor, values: Tensor)
}

/// A change of what a block gives.
package protocol BlockHook: Hook {
    /// (tokens, width) to the same; `pass.layout` knows where each sequence's prompt begins and ends.
    func adjust(_ h: Tensor, _ pass: Pass) throws -> Tensor

    /// How many of a prompt's last tokens it tells from others; 0 where it treats all alike.
    var endCount: Int { get }

    /// Values a sequence that a pass keeps for it until it has gone back, beside what is kept without it.
    func keptValues(ofWidth width: Int) -> Int
}

extension BlockHook {
    package var endCount: Int { 0 }
}
