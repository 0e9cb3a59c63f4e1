import ArgumentParser
import Commands
import Diagnostics

/// `lorikeet bench JOB`: one measurement for `make bench`; not listed in the help.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Run one measurement of Benchmarks/.", shouldDisplay: false)

    @Argument(help: "The measurement, a JSON file as Benchmarks/README.md describes it.")
    var job: String

    func run() throws {
        do {
            print(try Benchmark.run(jobFile: job))
        } catch let problem as Diagnostic {
            throw ValidationError(problem.description)
        }
    }
}
