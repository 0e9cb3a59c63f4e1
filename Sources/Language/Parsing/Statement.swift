import Diagnostics

/// One line of a cell (or one block of lines), read but not yet understood.
package struct Statement: Sendable, Hashable {
    package indirect enum Kind: Sendable, Hashable {
        case command(Invocation)
        /// `name = value`
        case assignment(name: Name, value: Expression)
        /// `name = ?` asks the person; `name = ??` does not show what is typed.
        case question(name: Name, prompt: Expression?, isSecret: Bool)
        /// `$name` alone on a line shows the variable.
        case show(Expression)
        /// `sweep … end`; `isClosed` is false while `end` is missing.
        case block(Invocation, body: [Statement], isClosed: Bool)
        /// Something that is no statement; the script's problems say why.
        case unreadable
    }

    package var kind: Kind
    /// From the first word to the last, the `;` included, without comments.
    package var span: SourceSpan
    /// The line it begins on, counted from 1.
    package var line: Int
    /// Whether a trailing `;` asked for silence.
    package var isQuiet = false
    /// What made the line unreadable, when something did.
    package var problem: Diagnostic?

    /// The first thing wrong with it or with the statements of its block.
    package var firstProblem: Diagnostic? {
        guard problem == nil, case .block(_, let body, _) = kind else { return problem }
        // A loop: a lazy sequence asks for its first element twice, which doubles the work at each depth.
        for statement in body {
            if let problem = statement.firstProblem { return problem }
        }
        return nil
    }

    /// The verb of a command or block, a variable's name, or empty.
    package var head: String {
        switch kind {
        case .command(let invocation), .block(let invocation, _, _): invocation.verb.text
        case .assignment(let name, _), .question(let name, _, _): name.text
        case .show(let expression): expression.source
        case .unreadable: ""
        }
    }
}

/// A word that names something, with its place.
package struct Name: Sendable, Hashable {
    package var text: String
    package var span: SourceSpan

    package init(_ text: String, at span: SourceSpan) {
        self.text = text
        self.span = span
    }
}

/// A verb with its arguments.
package struct Invocation: Sendable, Hashable {
    package var verb: Name
    package var arguments: [Argument]
}

/// `value`, `key=value`, or the half-typed `key=`.
package struct Argument: Sendable, Hashable {
    package var key: Name?
    package var value: Expression?
    package var span: SourceSpan
}

/// A whole cell, read.
package struct Script: Sendable {
    package var statements: [Statement]
    /// What the end of the source left open, if anything.
    package var unfinished: Bool
    /// How many blocks are open at the end.
    package var openBlocks: Int
}
