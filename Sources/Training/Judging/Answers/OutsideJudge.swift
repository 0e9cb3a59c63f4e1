import Diagnostics
import Foundation
import JSON
import System

/// A program that scores texts, such as one that runs COMET, or asks a model elsewhere: it reads a line of JSON for each text
/// on its standard input, `{"source": …, "hypothesis": …, "other": …, "references": […]}`, and writes a line with a number
/// for each on its standard output.
///
/// `source` is there where the text was made from another, and `other` where two are compared. What it writes to its
/// standard error is shown where it fails.
package struct OutsideJudge: Sendable {
    package var name: String
    private let command: [String]
    private let timeLimit: Duration

    /// - `command`: the program, by name or path, and its arguments; no shell reads them.
    package init(_ command: [String], name: String, timeLimit: Duration = .seconds(3600)) {
        precondition(!command.isEmpty, "a judge without a program")
        (self.command, self.name, self.timeLimit) = (command, name, timeLimit)
    }

    /// A score for each text, in their order.
    ///
    /// - Throws: `no-program`, `judge-failed` with what it said last, `bad-scores`; `time-limit`; `Interrupted`.
    package func scores(
        of texts: [JudgedAnswer], interruption: Interruption, whileWaiting: (Double) -> Void = { _ in }
    ) throws -> [Double] {
        try lines(for: texts, interruption: interruption, whileWaiting: whileWaiting).enumerated().map {
            try number($1, line: $0 + 1)
        }
    }

    /// What it says of each text, in their order.
    private func lines(
        for texts: [JudgedAnswer], interruption: Interruption, whileWaiting: (Double) -> Void
    ) throws -> [String] {
        guard let path = ChildProcess.find(command[0]) else {
            throw Diagnostic(
                "no-program", "there is no program \(command[0].forMessages) to judge with",
                hint: "name one that is in PATH, or write its whole path")
        }
        var child = ChildProcess(path, Array(command.dropFirst()))
        child.input = texts.flatMap(\.line)
        child.timeLimit = timeLimit
        let outcome = try child.run(interruption: interruption, whileWaiting: whileWaiting)
        guard outcome.status == 0 else {
            let last = outcome.errorText.split(whereSeparator: \.isNewline).last.map(String.init)
            throw Diagnostic(
                "judge-failed",
                "\(command[0].forMessages) ended with status \(outcome.status)"
                    + (last.map { ": \($0.forMessages)" } ?? " and said nothing"),
                hint: "give it the same lines in a terminal to see what is wrong")
        }
        var lines = outcome.outputText.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        if let line = lines.firstIndex(where: { $0 != Self.nothing && Double($0) == nil }) {
            throw noNumber(lines[line], line: line + 1)
        }
        guard lines.count == texts.count else {
            throw Diagnostic(
                "bad-scores",
                "\(command[0].forMessages) wrote \(lines.count.grouped) scores for \(texts.count.grouped) texts",
                hint: "it is to write a line for each line that it reads, in their order")
        }
        return lines
    }

    /// What it writes of a text of which it can say nothing, where that is allowed.
    private static let nothing = "null"

    /// Their mean with the interval of 95% that a bootstrap gives it.
    ///
    /// - Throws: `Interrupted`.
    package func figure(
        of scores: [Double], seed: UInt64, interruption: Interruption
    ) throws -> Metrics.Figure {
        try Metrics.Figure(meanOf: scores, named: name, seed: seed, interruption: interruption)
            ?? Metrics.Figure(name, 0)
    }

    private func number(_ text: String, line: Int) throws -> Double {
        guard let score = Double(text), score.isFinite else { throw noNumber(text, line: line) }
        return score
    }

    private func noNumber(_ text: String, line: Int) -> Diagnostic {
        Diagnostic(
            "bad-scores",
            "line \(line) of what \(command[0].forMessages) wrote is no number: \(String(text.prefix(60)).forMessages)",
            hint: "it is to write a number a line and nothing else on its standard output")
    }
}

extension OutsideJudge: AnswerJudge {
    /// Numbers from 0 to 100; `null` where it can say nothing.
    ///
    /// - Throws: as `scores`.
    package func ratings(
        of answers: [JudgedAnswer], interruption: Interruption, progress: @Sendable (_ done: Int) -> Void
    ) throws -> [Double?] {
        guard !answers.isEmpty else { return [] }
        let lines = try lines(for: answers, interruption: interruption) { _ in }
        return try lines.enumerated().map { index, line in
            guard line != Self.nothing else { return nil }
            let score = try number(line, line: index + 1)
            guard (0...100).contains(score) else {
                throw Diagnostic(
                    "bad-scores",
                    "line \(index + 1) of what \(command[0].forMessages) wrote is \(line), and a rating is from 0 to 100",
                    hint: "let it write numbers from 0 to 100, or null where it can say nothing")
            }
            return score
        }
    }
}
