import Language

extension CommandExample {
    /// What a model without pretrained weights can learn something by.
    static let whole = "model nano\nload toy train=600 test=100\nfull"
    /// A model that has learned something, for what is judged.
    static let tuned = "model nano\nload toy train=600 test=100\ntrain epochs=1"
}
