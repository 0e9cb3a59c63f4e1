import Diagnostics
import Foundation
import JSON
import System

/// A program that scores texts, such as one that runs COMET: it reads a line of JSON for each text on its standard input,
/// `{"source": …, "hypothesis": …, "references": […]}`, and writes a line with a number for each on its standard output.
///
/// `source` is there where the text was made from another; what it writes to its standard error is shown where it fails.
package struct OutsideJudge: Sendable {
    package var name: String
    private let command: [String]
    private let timeLimit: Duration

    package struct Text: Sendable, Hashable {
        package var hypothesis: String
        package var references: [String]
        package var source: String?

        package init(_ hypothesis: String, references: [String], source: String? = nil) {
            (self.hypothesis, self.references, self.source) = (hypothesis, references, source)
        }

        fileprivate var line: [UInt8] {
            var object: JSONObject = [:]
            object["source"] = source.map(JSON.string)
            object["hypothesis"] = .string(hypothesis)
            object["references"] = .array(references.map(JSON.string))
            return JSON.object(object).utf8() + [UInt8(ascii: "\n")]
        }
    }

    /// - `command`: the program, by name or path, and its arguments; no shell reads them.
    package init(_ command: [String], name: String, timeLimit: Duration = .seconds(3600)) {
        precondition(!command.isEmpty, "a judge without a program")
        (self.command, self.name, self.timeLimit) = (command, name, timeLimit)
    }

    /// A score for each text, in their order.
    ///
    /// - Throws: `no-program`, `judge-failed` with what it said last, `bad-scores`; `time-limit`; `Interrupted`.
    package func scores(
        of texts: [Text], interruption: Interruption, whileWaiting: (Double) -> Void = { _ in }
    ) throws -> [Double] {
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
        return try read(outcome.outputText, count: texts.count)
    }

    /// Their mean with the interval of 95% that a bootstrap gives it.
    ///
    /// - Throws: `Interrupted`.
    package func figure(
        of scores: [Double], seed: UInt64, interruption: Interruption
    ) throws -> Metrics.Figure {
        let count = Double(max(1, scores.count))
        let trials = try Bootstrap(seed: seed).sums(of: scores.map { [$0] }, interruption: interruption)
        return Metrics.Figure(
            name, scores.reduce(0, +) / count, in: Bootstrap.interval(of: trials.map { $0[0] / count }))
    }

    private func read(_ output: String, count: Int) throws -> [Double] {
        var lines = output.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let scores = try lines.enumerated().map { number, line in
            let text = line.trimmingCharacters(in: .whitespaces)
            guard let score = Double(text), score.isFinite else {
                throw Diagnostic(
                    "bad-scores",
                    "line \(number + 1) of what \(command[0].forMessages) wrote is no number: \(String(text.prefix(60)).forMessages)",
                    hint: "it is to write a number a line and nothing else on its standard output")
            }
            return score
        }
        guard scores.count == count else {
            throw Diagnostic(
                "bad-scores",
                "\(command[0].forMessages) wrote \(scores.count.grouped) scores for \(count.grouped) texts",
                hint: "it is to write a line for each line that it reads, in their order")
        }
        return scores
    }
}
