import Foundation
import Learning

/// The golden files that several targets' tests read, and the inputs that the scripts repeat.
package enum GoldenFiles {
    package static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Golden/fixtures")

    /// A tiny model of make_models.py.
    package static func model(_ name: String) -> String { folder.appending(path: "models/\(name)").path }

    /// A file or a folder that make_peft.py wrote.
    package static func peft(_ name: String) -> String { folder.appending(path: "peft/\(name)").path }

    /// The sequences of the scripts.
    package static let sequences: [[Int32]] = [7, 3, 11].enumerated().map { s, count in
        (0..<count).map { (i: Int) in Int32((7 * i * i + 13 * i + 5 * s + 3) % 61) }
    }
}

extension Parameter {
    /// sin of the running index, as the scripts that made the golden values have it.
    package func fill(scale: Double, phase: Double) {
        let values = writable()
        for index in 0..<count { values.pointer[index] = Float(scale * sin(Double(index) * 0.37 + phase)) }
    }
}
