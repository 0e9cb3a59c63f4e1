import Diagnostics
import Display
import JSON
import Language

/// How one statement went, as `lorikeet run --json` prints it.
package struct StatementReport: Sendable {
    package enum Status: String, Sendable {
        case ok, error, interrupted
    }

    package var verb: String
    /// From 1, in its cell or file.
    package var line: Int
    package var status: Status
    package var seconds: Double
    /// What it returned, as plain data.
    package var value: JSON
    /// The forms of its display.
    package var mimeTypes: [String]
    package var diagnostic: Diagnostic?
    /// Whether a display says what an interrupt has left.
    package var isStopSaid = false

    package var json: JSON {
        var object: JSONObject = [
            "verb": .string(verb), "line": .integer(line), "status": .string(status.rawValue),
            "seconds": .number((seconds * 1e6).rounded() / 1e6), "value": value,
            "mime_types": .array(mimeTypes.map(JSON.string)),
        ]
        if let diagnostic {
            object["error"] = [
                "code": .string(diagnostic.code), "message": .string(diagnostic.message),
                "hint": diagnostic.hint.map(JSON.string) ?? .null,
            ]
        }
        return .object(object)
    }
}

/// How a cell ended, with all its statements that ran.
package struct CellOutcome: Sendable {
    package enum Ending: Sendable {
        /// With the value of its last statement, if that has one to show.
        case finished(MimeBundle?)
        case failed(DiagnosticReport)
        /// - `isSaid`: whether a display says already what that has left.
        case interrupted(isSaid: Bool)
    }

    package var ending: Ending
    package var statements: [StatementReport]
}

extension DiagnosticReport {
    /// The lines of an `error` output, coloured: the same in a kernel and in a run.
    ///
    /// - `columns`: of a front end that breaks words in longer lines.
    package func traceback(columns: Int = .max) -> [String] { lines(colored: true, columns: columns) }
}
