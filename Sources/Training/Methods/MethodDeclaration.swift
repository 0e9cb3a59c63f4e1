import Learning

/// A way to tune models as plain data: all that a verb, a plan and a file have to know of it.
package struct MethodDeclaration: Sendable, Hashable {
    /// Its verb.
    package let name: String
    /// As papers write it.
    package let title: String
    /// One line, without a final stop.
    package let summary: String
    /// More, in Markdown paragraphs; may be empty.
    package let details: String
    package let settings: [SettingDeclaration]
    package let rate: UsualRate
    package let traits: Set<Trait>
    /// On a model that is loaded.
    package let examples: [Example]
    /// Keys of other tools that are explained instead of taken.
    package let foreign: [ForeignSetting]

    package init(
        _ name: String, title: String? = nil, summary: String, details: String,
        settings: [SettingDeclaration], rate: UsualRate,
        traits: Set<Trait> = [], examples: [Example], foreign: [ForeignSetting] = []
    ) {
        (self.name, self.summary, self.details, self.settings) = (name, summary, details, settings)
        self.title = title ?? name
        (self.rate, self.traits, self.examples, self.foreign) = (rate, traits, examples, foreign)
    }

    /// What others decide by.
    package enum Trait: Sendable, Hashable {
        /// Its seed draws as it trains, not its first values alone.
        case drawsInEpochs
    }

    /// A line that shows it at work; a test runs every one of them.
    package struct Example: Sendable, Hashable {
        package let code: String
        package let doc: String

        package init(_ code: String, _ doc: String) { (self.code, self.doc) = (code, doc) }
    }

    /// For methods that begin with random values.
    package static let seed = SettingDeclaration(
        "seed", "of the first values", .count(0...Int.max), otherwise: "the session's seed")
}
