import Diagnostics
import Foundation
import System
import Testing

@Suite struct ChildProcessTests {
    private func shell(_ script: String) throws -> ChildProcess {
        ChildProcess(try #require(ChildProcess.find("sh")), ["-c", script])
    }

    @Test func bytesGoInAndComeOut() throws {
        var process = try shell("cat; printf oops >&2; exit 3")
        process.input = Array(repeating: 120, count: 300_000)
        let outcome = try process.run()
        #expect(outcome.output == process.input)
        #expect(outcome.errorText == "oops")
        #expect(outcome.status == 3)
    }

    @Test func inputThatNobodyReadsIsNoTrouble() throws {
        var process = try shell("exit 0")
        process.input = Array(repeating: 120, count: 1_000_000)
        #expect(try process.run().status == 0)
    }

    @Test func anArgumentIsNeverACommand() throws {
        let echo = try #require(ChildProcess.find("echo"))
        let outcome = try ChildProcess(echo, ["$(id)", "`id`", "; id"]).run()
        #expect(outcome.outputText == "$(id) `id` ; id\n")
    }

    @Test func whatTakesTooLongIsStopped() throws {
        var process = try shell("sleep 30 & sleep 30")
        process.timeLimit = .milliseconds(200)
        let start = ContinuousClock().now
        #expect(throws: Diagnostic.self) { try process.run() }
        #expect(ContinuousClock().now - start < .seconds(10))
    }

    @Test func whatWritesTooMuchIsStopped() throws {
        var process = try shell("while :; do echo yes; done")
        process.outputLimit = 100_000
        #expect {
            try process.run()
        } throws: { ($0 as? Diagnostic)?.code == "too-much-output" }
    }

    @Test func anInterruptionStopsTheChild() throws {
        let process = try shell("sleep 30")
        let interruption = Interruption()
        interruption.request()
        #expect(throws: Interrupted.self) { try process.run(interruption: interruption) }
    }

    @Test func aSignalIsToldApartFromAnExit() throws {
        #expect(try shell("kill -TERM $$").run().status == 128 + 15)
    }

    @Test func aMissingProgramIsADiagnostic() {
        #expect {
            try ChildProcess("/nonexistent/program").run()
        } throws: { ($0 as? Diagnostic)?.code == "cannot-start" }
        #expect(ChildProcess.find("no-such-program-anywhere") == nil)
    }

    @Test func theEnvironmentIsTheOneGiven() throws {
        var process = try shell("printf %s \"$ONLY\"; printf %s \"$HOME\"")
        process.environment = ["ONLY": "this"]
        #expect(try process.run().outputText == "this")
    }
}
