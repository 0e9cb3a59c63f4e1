import Fetching
import Foundation
import Training

/// Time, randomness, the network and the environment, handed in so that tests can replace them.
package struct Surroundings: Sendable {
    /// Seconds on a clock that never goes back.
    package var now: @Sendable () -> Double
    package var environment: [String: String]
    /// A name that no other display of any session has.
    package var freshName: @Sendable () -> String
    package var client: any WebClient
    /// The model of a session in which none was named.
    package var defaultModel = "minilm"
    /// The folder that runs write their states into; nil writes none.
    package var runs: String? = RunPlace.usual

    package static let real = Surroundings(
        now: {
            let time = ContinuousClock.now - start
            return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        },
        environment: ProcessInfo.processInfo.environment,
        freshName: { String(UInt64.random(in: .min ... .max), radix: 36) }, client: CurlClient())

    private static let start = ContinuousClock.now
}
