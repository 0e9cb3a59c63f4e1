import Compute
import Diagnostics
import JSON
import Learning

/// (IA)³ in PEFT's files.
package struct IA3Format: PEFTLayerFormat {
    package static let peftType = "IA3"
    package static let name = "IA3"
    package static let method: any Method.Type = IA3Method.self
    package static let tensorNames = ["ia3_l"]
    /// Of PEFT's `IA3Config`.
    package static let keys: [String: KeyDecision] = [
        "feedforward_modules": .used,
        "init_ia3_weights": .harmless("how the vectors began; the file has what became of them"),
    ]

    private let feedForward: PEFTTargets

    package init(reading keys: PEFTKeys) throws {
        feedForward = try keys.targets("feedforward_modules") ?? .names([])
    }

    package func hook(of layer: PEFTLayer) throws -> any LinearHook {
        let scalesInputs = try isFeedForward(layer.path)
        let linear = layer.linear
        let l = try layer.tensor(
            Self.tensorNames[0], scalesInputs ? [1, linear.inputs] : [linear.outputs, 1])
        return IA3(path: linear.path, values: Buffer(l.floats()), scalesInputs: scalesInputs)
    }

    /// PEFT looks at the end of the path alone here, without a dot before it.
    private func isFeedForward(_ path: String) throws -> Bool {
        switch feedForward {
        case .names(let names): names.contains(where: path.hasSuffix)
        case .expression: try feedForward.matches(path)
        }
    }

    /// Which layers are on is told by their number; which of them are scaled at their inputs, by the file.
    package var values: SettingValues {
        var given: [String: SettingValue] = [:]
        if case .names(let names) = feedForward, !names.isEmpty { given["feedforward"] = .names(names) }
        return SettingValues(IA3Method.declaration.settings, given)
    }

    package init?(
        describing layers: [(path: String, hook: any LinearHook)], table: (any TableHook)?,
        called names: [String]
    ) {
        guard table == nil else { return nil }
        var scaled: [String] = []
        for name in names {
            let own = layers.filter {
                $0.path == name || $0.path.hasSuffix("." + name) || name.hasSuffix($0.path)
            }
            let kinds = Set(own.compactMap { ($0.hook as? IA3)?.scalesInputs })
            guard kinds.count < 2 else { return nil }
            if kinds == [true] { scaled.append(name) }
        }
        guard layers.allSatisfy({ $0.hook is IA3 }) else { return nil }
        feedForward = .names(scaled)
    }

    package var json: JSONObject { ["feedforward_modules": feedForward.json, "init_ia3_weights": true] }

    package static func tensors(of hook: any LinearHook) -> [Parameter]? { (hook as? IA3)?.parameters }
}
