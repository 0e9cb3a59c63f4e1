import Diagnostics
import Fetching

/// Reaches nobody.
package struct NoNetwork: WebClient {
    package init() {}

    package func text(of address: String, token: String?, interruption: Interruption) throws -> [UInt8] {
        throw Self.problem(address)
    }

    package func save(
        _ address: String, to path: String, token: String?, interruption: Interruption,
        progress: (Int) -> Void
    ) throws {
        throw Self.problem(address)
    }

    private static func problem(_ address: String) -> Diagnostic {
        Diagnostic("no-network", "\(address) could not be fetched: this test has no network")
    }
}
