import Compute
import Diagnostics
import System

/// A metadata value to write, with GGUF's own type.
package enum GGUFValue: Sendable {
    case uint32(UInt32)
    case int32(Int32)
    case uint64(UInt64)
    case float(Float)
    case bool(Bool)
    case string(String)
    case strings([String])
    case floats([Float])
    case integers([Int32])
}

/// Writes a GGUF file (version 3), atomically; the values are streamed.
package struct GGUFWriter {
    /// In the order of writing; `general.architecture` belongs first.
    package var metadata: [(key: String, value: GGUFValue)] = []
    private var tensors: [PendingTensor] = []

    /// Hands a tensor's bytes to its sink, in one piece or several.
    package typealias Source = (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

    private struct PendingTensor {
        let name: String
        let shape: [Int]
        let format: NumberFormat
        let byteCount: Int
        let source: Source
    }

    package init(architecture: String) {
        metadata = [("general.architecture", .string(architecture))]
    }

    /// Bytes of the values of all tensors.
    package var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

    /// - `shape`: outermost dimension first, as `StoredTensor` has it.
    package mutating func add(_ name: String, shape: [Int], format: NumberFormat, source: @escaping Source) {
        let count = shape.reduce(1, *)
        guard let bytes = format.byteCount(of: count), (shape.last ?? 1) % format.elementsPerBlock == 0 else {
            preconditionFailure("\(name) \(shape) is no whole number of \(format.displayName) blocks")
        }
        tensors.append(
            PendingTensor(name: name, shape: shape, format: format, byteCount: bytes, source: source))
    }

    package mutating func add(_ name: String, shape: [Int], values: [Float]) {
        add(name, shape: shape, format: .f32) { sink in try values.withUnsafeBytes(sink) }
    }

    package mutating func add(_ name: String, shape: [Int], format: NumberFormat, bytes: [UInt8]) {
        add(name, shape: shape, format: format) { sink in try bytes.withUnsafeBytes(sink) }
    }

    /// - `check`: gets the path at which the whole file lies before it appears under its name.
    /// - Throws: `cannot-write`, or what a source or the check throws; an existing file then stays as it was.
    package func write(to path: String, checking check: (String) throws -> Void = { _ in }) throws {
        let header = header()
        try AtomicFile.write(to: path) { file in
            try file.append(header)
            for tensor in tensors {
                try file.pad(to: GGUFFile.defaultAlignment)
                let start = file.position
                try tensor.source { try file.append($0) }
                precondition(
                    file.position - start == tensor.byteCount,
                    "\(tensor.name): \(file.position - start) bytes, not \(tensor.byteCount)")
            }
            try file.pad(to: GGUFFile.defaultAlignment)
            try check(file.stagedPath)
        }
    }

    private func header() -> [UInt8] {
        var bytes = HeaderBytes()
        bytes.append(GGUFFile.magic)
        bytes.append(UInt32(3))
        bytes.append(UInt64(tensors.count))
        bytes.append(UInt64(metadata.count))
        for (key, value) in metadata {
            bytes.append(key)
            bytes.append(value)
        }
        var offset = 0
        for tensor in tensors {
            bytes.append(tensor.name)
            bytes.append(UInt32(tensor.shape.count))
            for size in tensor.shape.reversed() { bytes.append(UInt64(size)) }
            guard let type = tensor.format.ggufType else {
                preconditionFailure("GGUF has no \(tensor.format.displayName)")
            }
            bytes.append(type)
            bytes.append(UInt64(offset))
            let alignment = GGUFFile.defaultAlignment
            offset += (tensor.byteCount + alignment - 1) / alignment * alignment
        }
        return bytes.bytes
    }
}

private struct HeaderBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ value: GGUFValue) {
        switch value {
        case .uint32(let number): append(.uint32, number)
        case .int32(let number): append(.int32, number)
        case .uint64(let number): append(.uint64, number)
        case .float(let number): append(.float32, number.bitPattern)
        case .bool(let flag): append(.bool, UInt8(flag ? 1 : 0))
        case .string(let text):
            append(GGUFValueType.string.rawValue)
            append(text)
        case .strings(let texts):
            appendListHead(.string, texts.count)
            for text in texts { append(text) }
        case .floats(let numbers):
            appendListHead(.float32, numbers.count)
            for number in numbers { append(number.bitPattern) }
        case .integers(let numbers):
            appendListHead(.int32, numbers.count)
            for number in numbers { append(number) }
        }
    }

    private mutating func append(_ type: GGUFValueType, _ number: some FixedWidthInteger) {
        append(type.rawValue)
        append(number)
    }

    private mutating func appendListHead(_ type: GGUFValueType, _ count: Int) {
        append(GGUFValueType.array.rawValue)
        append(type.rawValue)
        append(UInt64(count))
    }
}
