import Foundation
import Synchronization
import Tensors
import Testing

@testable import Learning

@Suite struct ParameterTests {
    /// Norms, biases and GPT-2's weights of a file in half precision are expanded when first asked for,
    /// by whichever worker comes first.
    @Test func workersThatAskTogetherGetOneExpansion() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        let count = 1 << 16
        try Data((0..<2 * count).map { $0.isMultiple(of: 2) ? 0 : 0x3C }).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let file = try MappedFile(path: path.path(percentEncoded: false))
        let workers = Workers(count: 8)
        defer { workers.close() }
        for round in 0..<20 {
            let stored = try StoredTensor(
                name: "norm", shape: [count], format: .f16, file: file, offset: 0)
            let parameter = Parameter(name: "norm", stored: stored)
            let found = Mutex<Set<ObjectIdentifier>>([])
            workers.run(64) { _ in
                let values = parameter.dense()
                found.withLock { _ = $0.insert(ObjectIdentifier(values)) }
            }
            #expect(found.withLock { $0.count } == 1, "round \(round)")
            #expect(parameter.dense().pointer[count - 1] == 1)
        }
    }
}
