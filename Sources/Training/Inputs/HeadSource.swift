import Models

/// A trained head that files hold, for a task that tells the same classes apart, gives a number or fills masks in.
package protocol HeadSource: Sendable {
    /// Class names, in the order of its outputs; empty where they are not known, and where it is of none.
    var labels: [String] { get }
    /// How many it tells apart; 1 for a number.
    var classes: Int { get }

    /// Whether it tells just these classes apart, in this order, as far as names are known; none for a number.
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
    package var givesNumber: Bool { classes == 1 }
    package func maskedHead(for model: any LanguageModel) throws -> MaskedHead? { nil }
}
