import JSON

/// What a command returns: something a person can look at and a program can read.
package protocol Displayable: Sendable {
    /// Every form that a front end may choose from; `text/plain` is always among them.
    func mimeBundle() -> MimeBundle

    /// The same thing as plain data, as `lorikeet run --json` prints it.
    var value: JSON { get }

    /// Whether a person has it before them already, in a display that was updated in place.
    var isShown: Bool { get }
}

extension Displayable {
    package var isShown: Bool { false }
}
