import Diagnostics
import Display
import JSON

/// What evaluates cells: all that the server knows of the language behind it.
///
/// Cells of the main shell come one at a time; a subshell's may come beside them, from another
/// thread, so an implementation guards what the two share.
package protocol Interpreter: Sendable {
    /// Called once, on the thread of the cells before the first of them: what takes a while and is not needed to say who
    /// we are.
    func prepare()

    /// Who is speaking, for `kernel_info_reply`.
    var language: LanguageDescription { get }

    /// Runs one cell; what it shows on the way goes to `output`.
    ///
    /// Long work polls `interruption` and ends with `.interrupted`.
    func run(cell source: String, output: any Output, interruption: Interruption) -> CellEnding

    /// The value of an expression of the language, for `user_expressions`.
    func evaluate(expression: String) -> Result<MimeBundle, Diagnostic>

    /// What could stand at `cursor`, counted in Unicode scalars.
    func complete(_ source: String, at cursor: Int) -> Completions

    /// What is known about the word at `cursor`; nil when nothing is.
    ///
    /// - `detail`: 0 for a tooltip, 1 for everything there is.
    func inspect(_ source: String, at cursor: Int, detail: Int) -> MimeBundle?

    /// Whether pressing return should run `source` or open another line.
    func completeness(of source: String) -> InputState
}

extension Interpreter {
    package func prepare() {}
}

/// How a cell ended.
package enum CellEnding: Sendable {
    /// With the value of its last statement, if that has one to show.
    case finished(MimeBundle?)
    case failed(CellFailure)
    /// Because it was asked to stop; the session keeps what the cell had reached.
    ///
    /// - `isSaid`: whether its outputs tell a person so, in which case no error is shown beside them.
    case interrupted(isSaid: Bool)
}

/// A failed cell in the protocol's words.
package struct CellFailure: Sendable, Equatable {
    /// The kind of error, such as `unknown-verb`.
    package var name: String
    /// One sentence.
    package var value: String
    /// The lines a person reads, ANSI colours allowed: the statement, the underlined word, the hint.
    package var traceback: [String]

    package init(name: String, value: String, traceback: [String]) {
        self.name = name
        self.value = value
        self.traceback = traceback
    }

    package init(_ diagnostic: Diagnostic) {
        let hint = diagnostic.hint.map { ["hint: \($0)"] } ?? []
        self.init(
            name: diagnostic.code, value: diagnostic.message,
            traceback: ["\(diagnostic.code): \(diagnostic.message)"] + hint)
    }
}

/// Candidates for the half-typed word between `start` and `end` (Unicode scalars).
package struct Completions: Sendable {
    package var start: Int
    package var end: Int
    package var items: [Item]

    package struct Item: Sendable {
        /// What replaces the word.
        package var text: String
        /// What it is, such as `verb`, `key` or `value`.
        package var kind: String
        /// How it is called, such as `epochs=1`, shown where there is room.
        package var signature: String?
        /// One line on what it is and means, shown in place of the kind.
        package var note: String

        package init(text: String, kind: String, signature: String? = nil, note: String = "") {
            self.text = text
            self.kind = kind
            self.signature = signature
            self.note = note
        }
    }

    package init(start: Int, end: Int, items: [Item]) {
        self.start = start
        self.end = end
        self.items = items
    }
}

package enum InputState: Sendable, Equatable {
    case complete
    /// More lines are expected; the next one begins with `indent`.
    case incomplete(indent: String)
    case invalid
    case unknown
}

/// Name, version and front-end hints of the language.
package struct LanguageDescription: Sendable {
    /// Of the language and of the implementation, such as `lorikeet`.
    package var name: String
    package var version: String
    /// What a console shows at its start.
    package var banner: String
    package var mimeType: String
    package var fileExtension: String
    package var pygmentsLexer: String
    /// A name, or an object with `name` and `mime`.
    package var codeMirrorMode: JSON
    package var helpLinks: [(text: String, url: String)]

    package init(
        name: String, version: String, banner: String, mimeType: String, fileExtension: String,
        pygmentsLexer: String, codeMirrorMode: JSON, helpLinks: [(text: String, url: String)]
    ) {
        self.name = name
        self.version = version
        self.banner = banner
        self.mimeType = mimeType
        self.fileExtension = fileExtension
        self.pygmentsLexer = pygmentsLexer
        self.codeMirrorMode = codeMirrorMode
        self.helpLinks = helpLinks
    }
}
