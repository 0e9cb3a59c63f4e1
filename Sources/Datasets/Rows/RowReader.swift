/// What a row says, apart from its class.
struct RowContent {
    var text = ""
    var instruction: String?
    var pair: String?
    var turns: [Turn] = []
    var value: Float?
    var answer: String?
    var rejected: String?
}

/// Why a row is of no use.
enum RowProblem: Error, Hashable {
    case noText
    case noAnswer
    case noNumber
    case unknownRole(String)
    case noAssistant
    case equalAnswers
    case noBeginning

    /// `3 rows without an answer`
    func text(_ count: Int, _ roles: Rows.Roles) -> String {
        let rows = counted(count)
        return switch self {
        case .noText: "\(rows) without text"
        case .noAnswer: "\(rows) without an answer (\(roles[.answer]?.forMessages ?? ""))"
        case .noNumber: "\(rows) without a number (\(roles[.value]?.forMessages ?? ""))"
        case .unknownRole(let name):
            "\(rows) with turns of '\(name.forMessages)', who is no side that is known,"
        case .noAssistant: "\(counted(count, "dialogue")) in which the assistant says nothing"
        case .equalAnswers: "\(rows) with two equal answers"
        case .noBeginning: "\(rows) whose answers are to different prompts, or to none,"
        }
    }
}

/// Reads rows by the roles of their columns.
struct RowReader {
    private let places: [ColumnRole: Int]
    /// Whether what is to be learned has to be there.
    private let needsAnswers: Bool

    init(_ rows: Rows, _ roles: Rows.Roles, needsAnswers: Bool = true) {
        places = roles.columns.compactMapValues(rows.index)
        self.needsAnswers = needsAnswers
    }

    func content(of row: [String]) throws(RowProblem) -> RowContent {
        func cell(_ role: ColumnRole) -> String? { places[role].map { row[$0] } }
        var content = RowContent()
        content.pair = cell(.pair)
        if let chosen = cell(.answer), let rejected = cell(.rejected) {
            try prefer(chosen, to: rejected, after: cell(.messages) ?? cell(.text), in: &content)
        } else if let messages = cell(.messages) {
            content.turns = try Self.turns(of: messages)
            content.answer = cell(.answer)
            guard !needsAnswers || content.answer != nil || content.turns.contains(where: \.isAnswer) else {
                throw .noAssistant
            }
        } else {
            content.text = cell(.text) ?? ""
            content.answer = cell(.answer)
        }
        content.instruction = cell(.instruction).flatMap { $0.isBlank ? nil : $0 }
        if !content.turns.isEmpty { content.text = Turn.text(of: content.turns) }
        guard !content.text.isBlank || content.instruction != nil else { throw .noText }
        guard needsAnswers else { return content }
        if let answer = content.answer, answer.isBlank { throw .noAnswer }
        if let written = cell(.value) {
            guard let value = Float(written.trimmed), value.isFinite else { throw .noNumber }
            content.value = value
        }
        return content
    }

    private static func turns(of cell: String) throws(RowProblem) -> [Turn] {
        switch Utterance(cell) {
        case .turns(let turns): return turns
        case .unknown(let name): throw .unknownRole(name)
        case .text(let text):
            guard !text.isBlank else { throw .noText }
            return [Turn(.user, text)]
        }
    }

    /// Two answers, after a prompt or with what both begin with.
    private func prefer(
        _ chosen: String, to rejected: String, after prompt: String?, in content: inout RowContent
    ) throws(RowProblem) {
        let beginning = prompt.map { Utterance($0) }
        if case .unknown(let name)? = beginning { throw .unknownRole(name) }
        switch (Utterance(chosen), Utterance(rejected)) {
        case (.unknown(let name), _), (_, .unknown(let name)): throw .unknownRole(name)
        case (.turns(let one), .turns(let other)):
            guard one != other else { throw .equalAnswers }
            let common = zip(one, other).prefix { $0 == $1 }.count
            guard one.count == common + 1, other.count == common + 1, let last = one.last,
                last.role == .assistant,
                let worse = other.last, worse.role == .assistant
            else { throw .noBeginning }
            (content.turns, content.answer, content.rejected) = (
                Array(one[..<common]), last.content, worse.content
            )
        case (.text(let one), .text(let other)):
            guard one.trimmed != other.trimmed else { throw .equalAnswers }
            (content.answer, content.rejected) = (one, other)
        default: throw .noBeginning
        }
        guard content.rejected?.isBlank == false else { throw .noAnswer }
        guard content.turns.isEmpty else { return }
        switch beginning {
        case .turns(let turns)?: content.turns = turns
        case .text(let text)?: content.text = text
        default: throw .noBeginning
        }
    }
}

extension Turn {
    /// Whether something is there to be learned.
    var isAnswer: Bool { role == .assistant && !content.isBlank }
}

extension String {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
