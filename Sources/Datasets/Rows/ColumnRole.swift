/// What a column is to an example; `load` has a key for each.
package enum ColumnRole: String, Sendable, Hashable, Codable, CaseIterable {
    case instruction
    case text
    case pair
    /// A dialogue, as a list of turns.
    case messages
    case label
    /// A number in place of a class.
    case value
    /// A text to be written.
    case answer
    /// An answer that is less liked.
    case rejected
}

/// What is to be learned of a data set's texts.
package enum DatasetShape: String, Sendable, Hashable, Codable {
    /// Classes, or nothing that is known.
    case classes
    case values
    /// Texts that answer an instruction or a text.
    case answers
    /// What the sides of a dialogue say.
    case dialogues
    /// Of two answers the one that is liked.
    case preferences
    /// The texts themselves: there is nothing besides.
    case texts

    /// Whether texts are to be written that answer something.
    package var isWritten: Bool { [.answers, .dialogues, .preferences].contains(self) }
}
