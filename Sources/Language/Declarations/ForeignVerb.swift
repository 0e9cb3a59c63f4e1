/// A verb that people type and that is none here: planned, or another's word for one of ours.
package struct ForeignVerb: Sendable, Hashable {
    package var name: String
    /// Whether it is to come.
    package var isPlanned: Bool
    /// What to write meanwhile, or in its place.
    package var hint: String

    package init(_ name: String, isPlanned: Bool = false, hint: String) {
        self.name = name
        self.isPlanned = isPlanned
        self.hint = hint
    }
}
