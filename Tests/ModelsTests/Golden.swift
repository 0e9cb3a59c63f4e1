import Checkpoints
import Foundation
import JSON
import Learning
import Models

/// The golden values that `Tests/Golden/make_models.py` wrote.
enum Golden {
    static let families = ["bert", "llama", "llama3", "gpt2", "gpt2-untied"]

    static func folder(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/fixtures/models/\(name)").path
    }

    static func real() throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(filePath: folder("real.json"))))
    }

    /// The sequences of the script, end to end.
    static let lengths = [7, 3, 11]
    static let sequences = lengths.enumerated().map { s, count in
        (0..<count).map { (i: Int) in Int32((7 * i * i + 13 * i + 5 * s + 3) % 61) }
    }

    /// A real model's folder: where a session keeps it, or LORIKEET_TEST_MODELS.
    static func realModel(_ name: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["LORIKEET_HOME"] ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache")
            + "/lorikeet"
        let places = [environment["LORIKEET_TEST_MODELS"].map { "\($0)/\(name)" }, "\(cache)/models/\(name)"]
        return places.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
    }
}

/// The largest difference, relative to the largest wanted value.
func relativeError(_ found: [Float], _ wanted: [Float]) -> Float {
    guard found.count == wanted.count else { return .infinity }
    let largest = wanted.map(abs).max() ?? 0
    let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? 0
    return worst / max(largest, 1e-6)
}
