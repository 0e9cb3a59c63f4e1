import Diagnostics
import Foundation
import Interchange
import Models
import Testing
import Training

/// A damaged adapter ends in a message.
@Suite struct AdapterFuzzTests {
    @Test(arguments: ["adapter_config.json", "adapter_model.safetensors"])
    func aDamagedFileIsRefusedOrRead(file: String) throws {
        let model = try SharedFixtures.base(of: "bert-classes")
        let source = SharedFixtures.folder("bert-classes")
        var random = SystemIndependentRandom(state: 7)
        try SharedFixtures.temporary { folder in
            for name in ["adapter_config.json", "adapter_model.safetensors"] {
                try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(folder)/\(name)")
            }
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(source)/\(file)")))
            var refused = 0
            for round in 0..<600 {
                var damaged = bytes
                // The header is where damage does most.
                let reach = min(bytes.count, 1200)
                for _ in 0..<1 + round % 4 {
                    damaged[Int(random.next() % UInt64(reach))] = UInt8(truncatingIfNeeded: random.next())
                }
                if round % 5 == 0 { damaged.removeLast(Int(random.next() % UInt64(bytes.count))) }
                let place = URL(filePath: "\(folder)/\(file)")
                // A new file: the one before may still be mapped.
                try FileManager.default.removeItem(at: place)
                try Data(damaged).write(to: place)
                do {
                    _ = try OpenedAdapter(folder: folder, for: model).tuning(of: model, seed: 1)
                } catch is Diagnostic {
                    refused += 1
                }
            }
            #expect(refused > 100)
        }
    }
}

/// The same numbers everywhere.
private struct SystemIndependentRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 24
    }
}
