/// The steps of one run, of which several may go on at once in a pool.
///
/// A run that is between two steps, or stands still, keeps nobody's memory: only one whose step is
/// under way does.
package final class StepMeter: Sendable {
    private let pool: BufferPool

    package convenience init() { self.init(pool: .shared) }

    init(pool: BufferPool) { self.pool = pool }

    deinit { pool.forget(ObjectIdentifier(self)) }

    /// One step: what `body` does not ask the pool for, no step of this run is expected to ask for.
    package func step<Result>(_ body: () throws -> Result) rethrows -> Result {
        let run = ObjectIdentifier(self)
        pool.beginStep(of: run)
        defer { pool.leaveStep(of: run) }
        let result = try body()
        pool.endStep(of: run)
        return result
    }
}
