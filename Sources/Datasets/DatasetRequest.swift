/// What a person asks for when loading: which data, how much for each part, by which columns.
package struct DatasetRequest: Sendable, Hashable, Codable {
    /// A name in the registry; empty with a path for a file of one's own.
    package var name: String
    package var path: String?
    package var train: Amount?
    package var validation: Amount?
    package var test: Amount?
    /// Draws the parts; the same seed gives the same rows on every machine.
    package var seed: UInt64
    package var textColumn: String?
    package var pairColumn: String?
    package var labelColumn: String?
    package var valueColumn: String?
    package var answerColumn: String?
    package var rejectedColumn: String?
    package var messagesColumn: String?
    /// The column with what each example asks for, where there is one of that name; else it is no column.
    package var instruction: String?
    /// Nil for all that the assistant says.
    package var learned: LearnedTurns?
    /// How an encoder's masks are drawn over texts alone; nil for the usual way.
    package var masking: Masking?
    /// Cuts every class to the size of the smallest.
    package var isBalanced: Bool
    /// A file of passages, the best of which stand before each text; nil for none.
    package var context: String?
    /// How many of them, at most; nil for the usual.
    package var passages: Int?
    /// How files stand for letters; nil has it guessed.
    package var encoding: TextEncoding?

    package init(
        name: String = "", path: String? = nil, train: Amount? = nil, validation: Amount? = nil,
        test: Amount? = nil, seed: UInt64 = 42, textColumn: String? = nil, pairColumn: String? = nil,
        labelColumn: String? = nil, isBalanced: Bool = false
    ) {
        self.name = name
        self.path = path
        self.train = train
        self.validation = validation
        self.test = test
        self.seed = seed
        self.textColumn = textColumn
        self.pairColumn = pairColumn
        self.labelColumn = labelColumn
        self.isBalanced = isBalanced
    }

    /// The word for no classes: the texts themselves are learned.
    package static let noLabel = "none"

    /// The column that was named for a role; instructions aside, which need be none.
    subscript(role: ColumnRole) -> String? {
        switch role {
        case .instruction: nil
        case .text: textColumn
        case .pair: pairColumn
        case .messages: messagesColumn
        case .label: labelColumn
        case .value: valueColumn
        case .answer: answerColumn
        case .rejected: rejectedColumn
        }
    }

    subscript(split: Split) -> Amount? {
        switch split {
        case .train: train
        case .validation: validation
        case .test: test
        }
    }
}

/// So many rows, or such a share of those that are there.
package enum Amount: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral {
    case count(Int)
    case share(Double)

    package init(integerLiteral value: Int) { self = .count(value) }

    /// Never below nothing, and small enough that a few of them can be added.
    func rows(of total: Int) -> Int {
        switch self {
        case .count(let count): min(max(0, count), 1 << 40)
        case .share(let share):
            share.isFinite ? Int((Double(total) * min(max(0, share), 1000) + 1e-9).rounded(.down)) : 0
        }
    }
}
