import ArgumentParser
import Diagnostics
import JSON

/// `lorikeet bench JOB`: one measurement for `make bench`; not listed in the help.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Run one measurement of Benchmarks/.", shouldDisplay: false)

    @Argument(help: "The measurement, a JSON file as Benchmarks/README.md describes it.")
    var job: String

    func run() throws {
        do {
            print(try BenchmarkRun.run(BenchmarkJob(path: job)).text())
        } catch let problem as Diagnostic {
            throw ValidationError(problem.description)
        }
    }
}
