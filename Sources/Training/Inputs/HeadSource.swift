import Models

/// A trained classifier that files hold, for a task that tells the same classes apart.
package protocol HeadSource: Sendable {
    /// Class names, in the order of its outputs; empty where they are not known.
    var labels: [String] { get }
    /// How many it tells apart.
    var classes: Int { get }

    /// Whether it tells just these classes apart, in this order, as far as names are known.
    func fits(_ labels: [String]) -> Bool

    /// Gives the values to a head that was made for some data.
    ///
    /// - Throws: `wrong-labels` when that head tells other classes apart.
    func fill(_ head: ClassificationHead, labels: [String]) throws
}

extension HeadSource {
    /// Fills a fresh task's head.
    ///
    /// - Returns: whether it has one.
    package func fill(_ task: any LearningTask) throws -> Bool {
        guard let own = task.head else { return false }
        try fill(own, labels: task.labels)
        return true
    }
}
