import Learning
import Models

/// The head alone learns in the first epoch, and in each further one a block more, from the last one down; then the
/// embeddings (Howard & Ruder 2018).
///
/// What stands between the last block and the head learns with that block. Where there is no head of its own, the last
/// block is the first to learn.
struct GradualUnfreezing: Phases {
    /// How low each parameter lies: 0 for heads, 1 for the last block, and so on.
    private let depths: [String: Int]
    /// The depths at which anything is trained, in order: one more in each epoch.
    private let steps: [Int]

    init(_ parameters: [Parameter], of model: any LanguageModel) {
        let blocks = model.config.blocks
        depths = Dictionary(
            parameters.map { parameter in
                let depth =
                    switch model.part(of: parameter.name) {
                    case .embeddings: blocks + 1
                    case .block(let index): blocks - index
                    case .finish, .pooler: 1
                    case .languageHead, .head: 0
                    }
                return (parameter.name, depth)
            }, uniquingKeysWith: { $1 })
        steps = Set(depths.values).sorted()
    }

    private init(_ depths: [String: Int], among trained: Set<String>) {
        self.depths = depths
        steps = Set(trained.map { depths[$0] ?? 0 }).sorted()
    }

    func among(_ trained: Set<String>) -> any Phases { GradualUnfreezing(depths, among: trained) }

    func resting(in epoch: Int) -> Set<String> {
        let lowest = steps.prefix(epoch + 1).last ?? 0
        return Set(depths.filter { $0.value > lowest }.keys)
    }
}
