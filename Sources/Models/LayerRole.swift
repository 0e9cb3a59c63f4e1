/// What a linear layer of a block does, whatever its family calls it.
package enum LayerRole: Sendable, Hashable, CaseIterable {
    case query, key, value, output, gate, up, down

    /// What the families call it, their last names and the short one.
    package var names: [String] {
        switch self {
        case .query: ["q", "query", "q_proj"]
        case .key: ["k", "key", "k_proj"]
        case .value: ["v", "value", "v_proj"]
        case .output: ["o", "o_proj", "attention.output.dense", "attn.c_proj"]
        case .gate: ["gate", "gate_proj"]
        case .up: ["up", "up_proj", "intermediate.dense", "c_fc"]
        case .down: ["down", "down_proj", "output.dense", "mlp.c_proj"]
        }
    }

    /// Names that stand for several.
    package static let groups: [String: [LayerRole]] = [
        "attn": [.query, .key, .value, .output], "mlp": [.gate, .up, .down],
        "c_attn": [.query, .key, .value],
        "c_proj": [.output, .down],
    ]

    /// The roles that a name stands for in any family; nil when it is none's.
    package static func named(_ name: String) -> [LayerRole]? {
        groups[name] ?? allCases.first { $0.names.contains(name) }.map { [$0] }
    }
}

/// A linear layer of every block, or a part of it.
package struct LayerTarget: Sendable, Hashable {
    /// Within a block: `attention.output.dense`.
    package let path: String
    /// Which third of the outputs, of a layer that does the work of three (GPT-2's c_attn); nil for all.
    package let third: Int?

    package init(_ path: String, third: Int? = nil) {
        self.path = path
        self.third = third
    }

    /// As a person reads it: `attn.c_attn's second third`.
    package var description: String {
        third.map { "\(path)'s \(["first", "second", "last"][min($0, 2)]) third" } ?? path
    }

    /// Whether a path of the model leads to this layer in some block.
    package func matches(_ path: String) -> Bool {
        let parts = path.split(separator: ".")
        guard let number = parts.firstIndex(where: { Int($0) != nil }) else { return false }
        return parts[(number + 1)...].joined(separator: ".") == self.path
    }
}

extension ModelFamily {
    /// What a name that another family may use stands for here; nil when it stands for nothing.
    ///
    /// All three thirds of one layer, asked for by one name, are the layer itself.
    package func targets(named name: String) -> [LayerTarget]? {
        guard let wanted = LayerRole.named(name) else { return nil }
        let found = wanted.compactMap { roles[$0] }
        let thirds = Dictionary(grouping: found.filter { $0.third != nil }, by: \.path)
        let joined = thirds.filter { $1.count == 3 }.keys.sorted().map { LayerTarget($0) }
        let targets = joined + found.filter { $0.third == nil || thirds[$0.path]?.count != 3 }
        return targets.isEmpty ? nil : targets
    }

    /// The names that `targets(named:)` knows, for completion.
    package var targetNames: [String] {
        (LayerRole.allCases.flatMap(\.names) + LayerRole.groups.keys).filter { targets(named: $0) != nil }
            .sorted()
    }
}
