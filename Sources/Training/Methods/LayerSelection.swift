import Diagnostics

/// Some of a model's blocks: `last:6`, `first:2`, `0-5`, `1,3,5`, as pyreft writes them `1;3;5`, or `all`.
package enum LayerSelection: Sendable, Hashable, CustomStringConvertible {
    case last(Int)
    case first(Int)
    case these([Int])
    case all

    /// - Throws: `bad-layers` when the text is none of the forms.
    package init(parsing text: String) throws {
        guard text != "all" else {
            self = .all
            return
        }
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
        if pieces.count == 2, let count = Int(pieces[1]), count > 0 {
            if pieces[0] == "last" {
                self = .last(count)
                return
            }
            if pieces[0] == "first" {
                self = .first(count)
                return
            }
        }
        var numbers: [Int] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
            case (1, let only?, _) where only >= 0: numbers.append(only)
            case (2, let low?, let high?) where low <= high && high < 4096: numbers += Array(low...high)
            default: throw Self.problem(text)
            }
        }
        guard !numbers.isEmpty else { throw Self.problem(text) }
        if let twice = numbers.indices.first(where: { numbers[..<$0].contains(numbers[$0]) }) {
            throw Diagnostic(
                "bad-layers", "layers \(text) has block \(numbers[twice]) twice",
                about: "layers", hint: "write each block once")
        }
        self = .these(numbers)
    }

    /// - Throws: `bad-layers` when the model has fewer blocks.
    package func blocks(of count: Int) throws -> Set<Int> {
        switch self {
        case .all: return Set(0..<count)
        case .last(let n), .first(let n):
            guard n <= count else {
                throw Diagnostic(
                    "bad-layers", "there are no \(n) blocks: the model has \(count)",
                    about: "layers",
                    hint: "layers=last:\(count) and layers=first:\(count) are all of them")
            }
            if case .last = self { return Set((count - n)..<count) }
            return Set(0..<n)
        case .these(let numbers):
            if let bad = numbers.first(where: { $0 >= count }) {
                throw Diagnostic(
                    "bad-layers", "there is no block \(bad): the model has \(count), counted from 0",
                    about: "layers")
            }
            return Set(numbers)
        }
    }

    package var description: String {
        switch self {
        case .all: "all"
        case .last(let n): "last:\(n)"
        case .first(let n): "first:\(n)"
        case .these(let numbers): numbers.map(String.init).joined(separator: ",")
        }
    }

    private static func problem(_ text: String) -> Diagnostic {
        Diagnostic(
            "bad-layers", "layers \(text) is not understood", about: "layers",
            hint: "write last:6, first:2, 0-5 or 1,3,5")
    }
}
