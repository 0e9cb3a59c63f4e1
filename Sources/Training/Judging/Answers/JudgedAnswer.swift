import Diagnostics
import JSON

/// An answer that is to be judged, alone or beside another.
package struct JudgedAnswer: Sendable, Hashable {
    package var hypothesis: String
    /// Known answers.
    package var references: [String]
    /// What was asked; nil where the text was made from nothing.
    package var source: String?
    /// The answer that it is compared with; nil where it is judged alone.
    package var other: String?

    package init(_ hypothesis: String, references: [String], source: String? = nil, other: String? = nil) {
        (self.hypothesis, self.references) = (hypothesis, references)
        (self.source, self.other) = (source, other)
    }

    /// As a program reads it: one line.
    var line: [UInt8] {
        var object: JSONObject = [:]
        object["source"] = source.map(JSON.string)
        object["hypothesis"] = .string(hypothesis)
        object["other"] = other.map(JSON.string)
        object["references"] = .array(references.map(JSON.string))
        return JSON.object(object).utf8() + [UInt8(ascii: "\n")]
    }
}

/// Whoever rates answers from 0 to 100: alone how good one is, beside another how much better, 50 being neither.
package protocol AnswerJudge: Sendable {
    var name: String { get }

    /// A rating for each answer, in their order; nil where nothing can be made of what was said.
    ///
    /// - `answers`: all alone, or all beside another.
    /// - `progress`: is told how many are done, where that is known.
    /// - Throws: what keeps it from judging at all; `Interrupted`.
    func ratings(
        of answers: [JudgedAnswer], interruption: Interruption, progress: @Sendable (_ done: Int) -> Void
    ) throws -> [Double?]
}
