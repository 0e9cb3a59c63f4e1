/// Columns that together say what is to be learned, as common data sets have them.
extension ColumnSniffer {
    static let inputNames = ["input", "context"]
    private static let messagesNames = ["messages", "conversations", "conversation", "dialogue", "dialog"]
    private static let answerNames = ["output", "response", "completion"]

    /// What a file of answers, dialogues or preferences has its columns for; nil where it is none.
    func answerRoles() -> [ColumnRole: String]? { preferences ?? dialogues ?? instructions }

    /// `chosen` and `rejected`, after a prompt or with what both begin with.
    private var preferences: [ColumnRole: String]? {
        guard let chosen = column("chosen"), let rejected = column("rejected") else { return nil }
        var roles = [ColumnRole.answer: chosen, .rejected: rejected]
        if let prompt = named(["prompt", "question", "instruction"] + Self.messagesNames, except: []) {
            roles[holdsTurns(prompt) ? .messages : .text] = prompt
        }
        return roles
    }

    /// OpenAI's `messages`, ShareGPT's `conversations`.
    private var dialogues: [ColumnRole: String]? {
        guard let messages = named(Self.messagesNames, except: []), holdsTurns(messages) else { return nil }
        return [.messages: messages]
    }

    /// Alpaca's `instruction`, `input`, `output` and what is called otherwise and means the same; `prompt`, `completion`.
    private var instructions: [ColumnRole: String]? {
        guard let answer = named(Self.answerNames, except: []) else { return nil }
        guard let instruction = column("instruction") else {
            return column("prompt").map { [.text: $0, .answer: answer] }
        }
        guard let input = named(Self.inputNames, except: []) else {
            return [.text: instruction, .answer: answer]
        }
        return [.instruction: instruction, .text: input, .answer: answer]
    }

    /// The column of that name, however it is capitalised.
    func column(_ name: String) -> String? { named([name], except: []) }

    private func holdsTurns(_ column: String) -> Bool {
        guard let index = rows.index(of: column) else { return false }
        return rows.values.prefix(20).contains { Utterance($0[index]).turns != nil }
    }

    /// Whether answers that are liked more and less are dialogues with a common beginning.
    func hasDialogues(_ roles: Rows.Roles) -> Bool { roles[.rejected].map(holdsTurns) ?? false }

    /// Whether a file has its texts, and at most says beside them which part they are in.
    func isNothingBeside(_ roles: Rows.Roles) -> Bool {
        let others = rows.columns.filter { column in
            column != roles.text && !Self.splitNames.contains(column.lowercased())
                && column.lowercased() != "id"
        }
        return others.isEmpty
    }
}
