/// Where a running cell's output goes: a Jupyter front end, a terminal, a notebook file, a test.
///
/// Only the server and the runner implement it; commands are handed one and never print.
package protocol Output: AnyObject, Sendable {
    /// Shows a new output; with an `id` it can be updated in place later, from any cell.
    func display(_ bundle: MimeBundle, id: String?)

    /// Replaces what was displayed under `id`.
    func update(_ bundle: MimeBundle, id: String)

    /// Appends text to one of the standard streams.
    func write(_ text: String, to stream: OutputStream)

    /// Removes the cell's outputs so far; with `wait`, when the next one arrives.
    func clear(wait: Bool)

    /// Shows long help in the front end's pager where it has one.
    func page(_ bundle: MimeBundle)

    /// Asks the person at the front end for a line.
    ///
    /// - Throws: `no-input` when nobody can be asked.
    func input(prompt: String, isPassword: Bool) throws -> String

    /// Whether a display that is updated changes before the person's eyes; a console prints each once, and lets
    /// updates pass.
    var updatesInPlace: Bool { get }

    /// Whether what is written appears as it comes where a display would be a single line until it is left, or nothing.
    var showsTextAsItComes: Bool { get }

    /// How many columns a sentence may take before it goes on in the next line.
    var columns: Int { get }
}

extension Output {
    /// Without end: most front ends wrap lines themselves.
    package var columns: Int { .max }

    package var updatesInPlace: Bool { true }

    package var showsTextAsItComes: Bool { !updatesInPlace }

    /// Says something in passing, beside what a statement shows.
    package func note(_ text: String) { write(text.wrapped(to: columns) + "\n", to: .standardOutput) }
}

package enum OutputStream: String, Sendable {
    case standardOutput = "stdout"
    case standardError = "stderr"
}
