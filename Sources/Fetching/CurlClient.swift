import Diagnostics
import Foundation
import System

/// The real network, through the `curl` program.
///
/// A library would have to be loaded, with some thirty others, at every start of the kernel, and most
/// kernels fetch nothing. Proxies and certificates are those that curl finds in the environment.
package struct CurlClient: WebClient {
    private let program: String?

    package init(program: String? = ChildProcess.find("curl")) {
        self.program = program
    }

    package func text(of address: String, token: String?, interruption: Interruption) throws -> [UInt8] {
        try fetch(address, token, options: [], interruption) { _ in }.output
    }

    package func save(
        _ address: String, to path: String, token: String?, interruption: Interruption,
        progress: (Int) -> Void
    ) throws {
        var isWhole = false
        // Half a file is as good as none.
        defer { if !isWhole { unlink(path) } }
        _ = try fetch(address, token, options: ["--output", path], interruption) { _ in
            progress(Self.size(of: path))
        }
        isWhole = true
    }

    /// Seconds without an answer, or without a byte of it, after which there is no network.
    private static let patience = "30"

    private func fetch(
        _ address: String, _ token: String?, options: [String], _ interruption: Interruption,
        whileWaiting: (Double) -> Void
    ) throws -> ChildProcess.Outcome {
        guard let program else {
            throw Diagnostic(
                "no-curl", "\(address) is fetched with curl, and there is none", hint: "install curl")
        }
        // The first: what somebody's own settings say is meant for other uses of curl.
        var process = ChildProcess(
            program,
            [
                "--disable", "--silent", "--show-error", "--fail", "--location", "--globoff",
                "--proto", "=http,https", "--connect-timeout", Self.patience,
                "--speed-time", Self.patience, "--speed-limit", "1",
                "--write-out", "%{stderr}\(Self.mark)%{http_code}", "--config", "-",
            ] + options)
        process.input = Array(try Self.settings(address, token).utf8)
        process.timeLimit = .seconds(7 * 24 * 3600)
        let outcome = try process.run(interruption: interruption, whileWaiting: whileWaiting)
        try Self.check(outcome, address)
        return outcome
    }

    /// What other people on this machine must not read in the list of processes.
    ///
    /// curl keeps the token from every host that the first one sends it on to.
    private static func settings(_ address: String, _ token: String?) throws -> String {
        func quoted(_ text: String) -> String {
            "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
        guard isOneWord(address) else { throw noAddress(address) }
        let token = token?.trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.map(isOneWord) ?? true else {
            throw Diagnostic(
                "web-status", "the token has spaces or line breaks in it", hint: "look at HF_TOKEN")
        }
        let authorization = token.map { "header = \(quoted("Authorization: Bearer \($0)"))\n" }
        return "url = \(quoted(address))\n" + (authorization ?? "")
    }

    private static func isOneWord(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value > 0x20 }
    }

    private static func noAddress(_ text: String) -> Diagnostic {
        Diagnostic("web-status", "\(text) is no address", hint: "check the name")
    }

    /// Stands between what curl says of a failure and the status.
    private static let mark = "\nstatus "

    /// curl's own numbers for what went wrong.
    private enum Exit {
        static let badAddress: Int32 = 3
        static let refused: Int32 = 22
    }

    private static func check(_ outcome: ChildProcess.Outcome, _ address: String) throws {
        let said = outcome.errorText
        let status = said.ranges(of: mark).last.flatMap { Int(said[$0.upperBound...].prefix(3)) } ?? 0
        switch outcome.status {
        case 0 where status == 200: return
        case 0, Exit.refused: throw failure(status: status, of: address)
        case Exit.badAddress: throw noAddress(address)
        default:
            let line = said.split(separator: "\n").last { $0.hasPrefix("curl: ") }
            let reason =
                line.map { $0.drop { $0 != ")" }.dropFirst(2) } ?? "curl ended with \(outcome.status)"
            throw Diagnostic(
                "no-network", "\(address) could not be fetched: \(reason)", hint: "try again with a network")
        }
    }

    private static func size(of path: String) -> Int {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : 0
    }
}
