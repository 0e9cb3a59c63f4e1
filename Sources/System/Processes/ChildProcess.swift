import Diagnostics
import Foundation

/// A program run to its end: bytes in, bytes out, under a time limit, stopped when asked.
///
/// Nothing goes through a shell. The child leads its own process group, so that stopping it
/// also stops what it started.
package struct ChildProcess: Sendable {
    /// An absolute path; `find` looks one up.
    package var executable: String
    package var arguments: [String]
    /// What the child reads on its standard input.
    package var input: [UInt8] = []
    /// The whole environment of the child; nil hands down ours.
    package var environment: [String: String]?
    package var timeLimit: Duration = .seconds(60)
    /// More bytes of output than this stop the child.
    package var outputLimit = 1 << 30

    package struct Outcome: Sendable {
        /// The exit code, or 128 + the signal that ended the child.
        package var status: Int32
        package var output: [UInt8]
        package var errors: [UInt8]

        package var outputText: String { String(decoding: output, as: UTF8.self) }
        package var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    package init(_ executable: String, _ arguments: [String] = []) {
        self.executable = executable
        self.arguments = arguments
    }

    /// The absolute path of a program in `PATH`, or nil.
    package static func find(
        _ name: String, in path: String? = ProcessInfo.processInfo.environment["PATH"]
    ) -> String? {
        guard !name.contains("/") else {
            return FileManager.default.isExecutableFile(atPath: name) ? name : nil
        }
        return (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Stops all that run, for a process that is about to end while a cell still waits for one.
    package static func endAll() { SpawnedChild.endAll() }

    /// Runs the child until it ends.
    ///
    /// - Parameter whileWaiting: called about ten times a second with the seconds gone by.
    /// - Throws: `cannot-start`, `time-limit`, `too-much-output`, or `Interrupted`; the child is gone in each case.
    package func run(
        interruption: Interruption? = nil, whileWaiting: (Double) -> Void = { _ in }
    ) throws -> Outcome {
        let child = try SpawnedChild(self)
        defer { child.end() }
        let name = executable.split(separator: "/").last.map(String.init) ?? executable
        let clock = ContinuousClock()
        let start = clock.now
        var unsent = input[...]
        var output: [UInt8] = []
        var errors: [UInt8] = []
        while child.isTalking {
            child.exchange(&unsent, &output, &errors)
            let elapsed = clock.now - start
            try interruption?.check()
            guard output.count + errors.count <= outputLimit else {
                throw Diagnostic(
                    "too-much-output", "\(name) wrote more than \(outputLimit >> 20) MB and was stopped")
            }
            guard elapsed < timeLimit else {
                throw Diagnostic(
                    "time-limit", "\(name) did not finish within \(timeLimit.components.seconds) s")
            }
            whileWaiting(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
        }
        return Outcome(status: child.wait(), output: output, errors: errors)
    }
}
