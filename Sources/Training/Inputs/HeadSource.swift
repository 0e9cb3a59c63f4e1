import Models

/// A trained head that files hold, for a task that tells the same classes apart, or fills masks in.
package protocol HeadSource: Sendable {
    /// Class names, in the order of its outputs; empty where they are not known, and where it is of none.
    var labels: [String] { get }
    /// How many it tells apart.
    var classes: Int { get }

    /// Whether it tells just these classes apart, in this order, as far as names are known.
    func fits(_ labels: [String]) -> Bool

    /// Fills a fresh task's head.
    ///
    /// - Returns: whether it has one of that kind.
    /// - Throws: `wrong-labels` when that head tells other classes apart.
    func fill(_ task: any LearningTask) throws -> Bool

    /// A head that fills masks in; nil where it is of another kind.
    func maskedHead(for model: any LanguageModel) throws -> MaskedHead?
}

extension HeadSource {
    package func maskedHead(for model: any LanguageModel) throws -> MaskedHead? { nil }
}
