/// A part of a session that statements share: what a verb says it uses or changes.
package struct Resource: Sendable, Hashable {
    /// With its article, as a sentence has it: `the model`.
    package var name: String
    /// Whether one statement at a time has it; changes of any other part are merged, value by value.
    package var isExclusive: Bool

    package init(_ name: String, isExclusive: Bool) {
        self.name = name
        self.isExclusive = isExclusive
    }
}
