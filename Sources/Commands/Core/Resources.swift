import Language

extension Resource {
    /// Weights, adapters, heads and the threads that compute with them: shared, not copied.
    static let model = Resource("the model", isExclusive: true)
    static let data = Resource("the data", isExclusive: true)
    /// The last run, the last evaluation and its numbers.
    static let results = Resource("the results", isExclusive: false)
    static let variables = Resource("the variables", isExclusive: false)
    static let settings = Resource("the settings", isExclusive: false)
}
