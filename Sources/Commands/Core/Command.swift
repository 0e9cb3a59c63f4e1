import Diagnostics
import Display
import Language

/// A verb at work: its declaration and what it does.
///
/// A new one is a file in `Verbs/` and a line in `Registry.swift`.
package protocol Command: Sendable {
    var declaration: CommandDeclaration { get }

    /// What it touches with these arguments: all that its declaration names, or less.
    func touched(by arguments: Arguments) -> Set<Resource>

    /// Changes `context.state` and returns what there is to show.
    ///
    /// The changes are kept when it returns. When it throws, also because it was interrupted, they are dropped,
    /// except for what the command said to `context.keep()`. Models and tunings of the state are never written:
    /// what trains is a copy.
    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)?
}

extension Command {
    package func touched(by arguments: Arguments) -> Set<Resource> {
        declaration.uses.union(declaration.changes)
    }
}
