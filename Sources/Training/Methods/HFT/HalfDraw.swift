import Compute
import Learning
import Models
import System

/// Half of a model's layers, drawn anew for each epoch: the others rest.
///
/// A layer is a matrix with its bias, a norm or a table. In every block half of the attention's, of the feed-forward's
/// and of the norms rest, and half of what lies outside of blocks; where a number is odd, one more rests in a random
/// half of the blocks (Hui et al. 2024).
struct HalfDraw: Phases {
    /// Layers of one kind: those of each block, each by the names of its parameters.
    private let kinds: [[[[String]]]]
    private let seed: UInt64

    init(_ parameters: [Parameter], of model: any LanguageModel, seed: UInt64) {
        self.seed = seed
        let family = ModelRegistry.family(named: model.config.family)
        let forward = [LayerRole.gate, .up, .down].compactMap { family?.roles[$0] }
        let linears = Set(model.linears.map(\.path))
        func kind(of path: String) -> Int {
            guard model.blockIndex(of: path) != nil else { return 3 }
            guard linears.contains(path) else { return 2 }
            return forward.contains { $0.matches(path) } ? 1 : 0
        }
        var layers: [(path: String, names: [String])] = []
        for parameter in parameters {
            let path = parameter.name.split(separator: ".").dropLast().joined(separator: ".")
            if let known = layers.firstIndex(where: { $0.path == path }) {
                layers[known].names.append(parameter.name)
            } else {
                layers.append((path, [parameter.name]))
            }
        }
        // An order that no family's code decides.
        layers.sort { $0.path < $1.path }
        kinds = (0..<4).map { wanted in
            var blocks: [Int: [[String]]] = [:]
            for layer in layers where kind(of: layer.path) == wanted {
                blocks[model.blockIndex(of: layer.path) ?? 0, default: []].append(layer.names)
            }
            return blocks.keys.sorted().compactMap { blocks[$0] }
        }
    }

    func resting(in epoch: Int) -> Set<String> {
        var random = CounterRandom(seed: seed, purpose: "hft", step: epoch)
        var resting: Set<String> = []
        for blocks in kinds {
            let order = random.permutation(blocks.count)
            for (place, layers) in zip(order, blocks) {
                let isLarger = layers.count % 2 == 1 && place < blocks.count / 2
                let chosen = random.permutation(layers.count).prefix(layers.count / 2 + (isLarger ? 1 : 0))
                for layer in chosen { resting.formUnion(layers[layer]) }
            }
        }
        return resting
    }
}
