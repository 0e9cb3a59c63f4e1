import Compute
import Foundation
import Synchronization
import Testing

@testable import Learning

@Suite struct ParameterTests {
    private static func parameter(_ values: [Float]) -> Parameter {
        Parameter(name: "weight", shape: [values.count], buffer: Buffer(values))
    }

    @Test func aCopySharesItsMemoryUntilOneOfTheTwoWrites() {
        let first = Self.parameter([1, 2])
        let second = first.copy()
        #expect(first.dense() === second.dense())
        second.writable().pointer[0] = 5
        #expect(first.dense().floats == [1, 2] && second.dense().floats == [5, 2])
        let own = ObjectIdentifier(second.writable())
        #expect(ObjectIdentifier(second.writable()) == own, "what is its own is not copied again")
        first.writable().pointer[1] = 7
        #expect(first.dense().floats == [1, 7] && second.dense().floats == [5, 2])
    }

    /// Half precision, so that values have to be expanded.
    @Test func aSuccessorTakesTheValuesThatTheFileBringsBack() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try Data([0, 0x3C, 0, 0x40]).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let stored = try StoredTensor(
            name: "norm", shape: [2], format: .f16,
            file: MappedFile(path: path.path(percentEncoded: false)), offset: 0)
        let base = Parameter(name: "norm", storage: StoredWeights(stored), staysStored: false)
        let before = ObjectIdentifier(base.dense())
        let successor = base.successor()
        #expect(ObjectIdentifier(successor.dense()) == before && base.buffer == nil)
        successor.writable().pointer[0] = 9
        #expect(base.dense().floats == [1, 2] && successor.dense().floats == [9, 2])
        // Somebody reads them: they stay.
        let held = base.dense()
        let second = base.successor()
        #expect(base.dense() === held)
        second.writable().pointer[1] = 8
        #expect(base.dense().floats == [1, 2] && second.dense().floats == [1, 8])
        _ = consume held
        base.withRows(0..<1, scratch: Buffer(count: 2)) { read in
            base.successor().writable().pointer[0] = 7
            #expect(read[0] == 1)
        }
    }

    @Test func aSuccessorOfValuesWithoutAFileLeavesThemBe() {
        let base = Self.parameter([3, 4])
        let successor = base.successor()
        successor.writable().pointer[0] = 0
        #expect(base.dense().floats == [3, 4] && successor.dense().floats == [0, 4])
    }

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
            let parameter = Parameter(name: "norm", storage: StoredWeights(stored))
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
