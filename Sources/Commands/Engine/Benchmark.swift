import Training

/// The engine alone, without language or session, for comparisons with other tools.
package enum Benchmark {
    /// - Returns: one line of JSON with the figures.
    package static func run(jobFile: String) throws -> String {
        try BenchmarkRun.run(BenchmarkJob(path: jobFile)).text()
    }
}
