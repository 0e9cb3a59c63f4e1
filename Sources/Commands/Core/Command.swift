import Diagnostics
import Display
import Language

/// A verb at work: its declaration and what it does.
///
/// A new one is a file in `Verbs/` and a line in `Registry.swift`.
package protocol Command: Sendable {
    var declaration: CommandDeclaration { get }

    /// Changes `context.state` and returns what there is to show.
    ///
    /// Changes are kept only when it returns (or was interrupted); a throw leaves the session
    /// as it was.
    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)?
}
