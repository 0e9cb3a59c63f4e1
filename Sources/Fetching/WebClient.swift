import Diagnostics

/// The network, passed in so that tests can do without it.
package protocol WebClient: Sendable {
    /// The body of a small answer.
    ///
    /// - Throws: `no-network`, `web-status` with the status in the message, or `Interrupted`.
    func text(of address: String, token: String?, interruption: Interruption) throws -> [UInt8]

    /// Saves an answer as a file; `progress` is told the bytes that have come.
    func save(
        _ address: String, to path: String, token: String?, interruption: Interruption,
        progress: (Int) -> Void) throws
}

extension WebClient {
    /// What a status other than 200 means to the person who asked.
    package static func failure(status: Int, of address: String) -> Diagnostic {
        let hint =
            switch status {
            case 401, 403: "it needs your agreement on its page and a token in HF_TOKEN"
            case 404: "check the name"
            case 429, 500...: "try again later"
            default: "try again"
            }
        return Diagnostic("web-status", "\(address) answered with status \(status)", hint: hint)
    }
}
