/// A key of another tool that people paste with ours: passed over where it means nothing here, refused by name
/// where it would change the numbers.
package struct ForeignSetting: Sendable, Hashable {
    package let name: String
    /// Why it means nothing here, or what there is in its place; a sentence without a final stop.
    package let reason: String
    /// The values that ask for what is done here anyway; nil passes over any.
    package let accepted: [String]?

    package init(_ name: String, _ reason: String, accepted: [String]? = nil) {
        (self.name, self.reason, self.accepted) = (name, reason, accepted)
    }

    /// Keys that mean nothing here for one reason.
    package static func passedOver(_ reason: String, _ names: String...) -> [ForeignSetting] {
        names.map { ForeignSetting($0, reason) }
    }

    /// What is written for "no".
    package static let off = ["false", "no", "off", "0", "none", "null"]
    /// What is written for "nothing".
    package static let none = ["none", "null", "{}", "[]", ""]
}
