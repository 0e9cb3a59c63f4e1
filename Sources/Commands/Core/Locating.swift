import Diagnostics

/// Runs work, and gives a diagnostic that it throws the place of the word that brought it about.
func locating<Result>(_ span: SourceSpan, _ work: () throws -> Result) throws -> Result {
    do {
        return try work()
    } catch let problem as Diagnostic {
        throw problem.located(at: span)
    }
}
