import Diagnostics
import JSON
import System

/// Writes float tensors as one `.safetensors` file, atomically.
package enum SafetensorsWriter {
    /// - `metadata`: becomes `__metadata__`; Transformers wants `format: pt` there.
    /// - Throws: `cannot-write`; an existing file then stays as it was.
    package static func write(
        _ tensors: [(name: String, shape: [Int], values: [Float])], metadata: [String: String] = [:],
        to path: String
    ) throws {
        try write(tensors.map { ($0.name, $0.shape) }, metadata: metadata, to: path) { index, sink in
            try tensors[index].values.withUnsafeBytes(sink)
        }
    }

    package static func write(
        _ tensors: [(name: String, shape: [Int], values: UnsafeBufferPointer<Float>)],
        metadata: [String: String] = [:], to path: String
    ) throws {
        try write(tensors.map { ($0.name, $0.shape) }, metadata: metadata, to: path) { index, sink in
            try sink(UnsafeRawBufferPointer(tensors[index].values))
        }
    }

    /// Streams: `values` hands the bytes of tensor `index` to its sink, in one piece or several, so
    /// that a large model need not lie in memory twice.
    package static func write(
        _ tensors: [(name: String, shape: [Int])], metadata: [String: String], to path: String,
        values: (_ index: Int, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let header = header(of: tensors, metadata)
        try AtomicFile.write(to: path) { file in
            try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.append($0) }
            try file.append(header)
            for (index, tensor) in tensors.enumerated() {
                let start = file.position
                try values(index) { try file.append($0) }
                let expected = 4 * tensor.shape.reduce(1, *)
                precondition(
                    file.position - start == expected,
                    "\(tensor.name) \(tensor.shape): \(file.position - start) bytes, not \(expected)")
            }
        }
    }

    private static func header(
        of tensors: [(name: String, shape: [Int])], _ metadata: [String: String]
    ) -> [UInt8] {
        var object = JSONObject()
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
            object["__metadata__"] = .object(JSONObject(pairs))
        }
        var offset = 0
        for (name, shape) in tensors {
            precondition(object[name] == nil, "two tensors named \(name)")
            let end = offset + 4 * shape.reduce(1, *)
            object[name] = [
                "dtype": "F32", "shape": .array(shape.map(JSON.integer)),
                "data_offsets": [.integer(offset), .integer(end)],
            ]
            offset = end
        }
        let text = JSON.object(object).utf8()
        return text + [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    }
}
