import Diagnostics
import Display
import Language

/// What a command works with: the session's state, and the ways out and back in.
package struct Context {
    /// A copy that becomes the session's when the command returns.
    package var state: SessionState {
        didSet { isChanged = true }
    }
    package private(set) var isChanged = false

    package let output: any Output
    package let interruption: Interruption
    package let vocabulary: Vocabulary
    package let surroundings: Surroundings
    /// The lines of a block command, as written.
    package let body: [Statement]

    init(
        state: SessionState, output: any Output, interruption: Interruption, vocabulary: Vocabulary,
        surroundings: Surroundings, body: [Statement] = []
    ) {
        self.state = state
        self.output = output
        self.interruption = interruption
        self.vocabulary = vocabulary
        self.surroundings = surroundings
        self.body = body
    }

    /// Shows something before the command is done (a plan).
    package func display(_ value: any Displayable) {
        output.display(value.mimeBundle(), id: nil)
    }
}
