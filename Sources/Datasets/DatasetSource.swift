import Diagnostics
import Fetching

/// Where a named data set comes from; one file each, and a line in `Registry.swift`.
package protocol DatasetSource: Sendable {
    var name: String { get }

    /// One line for help and completion.
    var summary: String { get }

    /// Whether the rows must be pointed at with `path=`.
    var needsPath: Bool { get }

    /// Whether `path=` means anything to it.
    var takesPath: Bool { get }

    /// What the data set is called from then on.
    func title(of request: DatasetRequest) -> String

    /// Reads every row, before anything is drawn, cut or split.
    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows
}

extension DatasetSource {
    package var needsPath: Bool { false }
    package var takesPath: Bool { true }
    package func title(of request: DatasetRequest) -> String { name }

    func requiredPath(_ request: DatasetRequest) throws -> String {
        guard let path = request.path else {
            throw Diagnostic(
                "no-path", "\(name) is read from a file of yours", hint: "load \(name) path=FILE")
        }
        return path
    }
}

/// What reading may use of the world, and how it is to read.
package struct LoadContext {
    package let fetching: FetchContext
    /// How files stand for letters; nil has it guessed.
    package var encoding: TextEncoding?

    package init(_ fetching: FetchContext, encoding: TextEncoding? = nil) {
        self.fetching = fetching
        self.encoding = encoding
    }

    package var progress: (String) -> Void { fetching.progress }
    package var interruption: Interruption { fetching.interruption }
}
