import Diagnostics
import Display
import Language

/// A verb at work: its declaration and what it does.
///
/// A new one is a file in `Verbs/` and a line in `Registry.swift`.
package protocol Command: Sendable {
    /// Made anew whenever it is asked for; a lexicon has it once.
    var declaration: CommandDeclaration { get }

    /// What it touches with these arguments, where that is less than its declaration names; else nil.
    func touched(by arguments: Arguments) -> Set<Resource>?

    /// Changes `context.state` and returns what there is to show.
    ///
    /// The changes are kept when it returns. When it throws, also because it was interrupted, they are dropped,
    /// except for what there was when it last called `context.keep()`. That holds for the session alone: files that
    /// were written and what was shown stay. Models and tunings of the state are shared with the session and other
    /// statements, so a command never writes their numbers: what trains is a copy.
    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)?
}

extension Command {
    package func touched(by arguments: Arguments) -> Set<Resource>? { nil }

    /// The keys that its stored properties are, in their order.
    package var parameters: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }
}
