/// What one side of a dialogue says.
package struct Turn: Sendable, Hashable, Codable {
    package enum Role: String, Sendable, Hashable, Codable, CaseIterable {
        /// What holds for the whole dialogue.
        case system
        case user
        case assistant

        /// The role that a file calls so; spellings that are in use are known.
        package init?(named name: String) {
            switch name.lowercased() {
            case "system": self = .system
            case "user", "human", "prompter": self = .user
            case "assistant", "gpt", "bot", "chatgpt", "model": self = .assistant
            default: return nil
            }
        }
    }

    package var role: Role
    package var content: String

    package init(_ role: Role, _ content: String) { (self.role, self.content) = (role, content) }

    /// A dialogue as one text, for people.
    package static func text(of turns: [Turn]) -> String {
        turns.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n\n")
    }

    /// The same dialogue with what one side says in several turns in a row as one turn.
    package static func joined(_ turns: [Turn]) -> [Turn] {
        turns.reduce(into: []) { joined, turn in
            guard let last = joined.last, last.role == turn.role else { return joined.append(turn) }
            joined[joined.count - 1].content = [last.content, turn.content].filter { !$0.isEmpty }
                .joined(separator: "\n\n")
        }
    }
}
