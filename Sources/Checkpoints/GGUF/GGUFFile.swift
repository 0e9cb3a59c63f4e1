import Compute
import Diagnostics
import JSON

/// One `.gguf` file (versions 2 and 3, little endian), memory-mapped.
///
/// Layout: magic, version, counts, keys and values, tensor descriptions, then the values at a
/// multiple of `general.alignment`. Nothing of it is believed before it is checked against the
/// file's size.
package struct GGUFFile: Checkpoint {
    /// The keys and values as one JSON object (`general.architecture`, `tokenizer.ggml.tokens` …).
    package let metadata: JSON
    private let table: TensorTable

    package var names: [String] { table.names }
    package func tensor(named name: String) -> StoredTensor? { table[name] }

    static let magic: UInt32 = 0x4655_4747
    static let defaultAlignment = 32

    /// - Throws: `bad-gguf`, `unsupported-type` or `bad-tensor`, naming the file and the tensor.
    package init(path: String) throws {
        try self.init(file: MappedFile(path: path))
    }

    package init(file: MappedFile) throws {
        var reader = ByteReader(file: file)
        try GGUFFile.checkKind(&reader)
        // A tensor's description takes at least 24 bytes, a key with its value 13.
        let tensorCount = try reader.count(ofAtLeast: 24, "tensors")
        let keyCount = try reader.count(ofAtLeast: 13, "keys")
        var object = JSONObject()
        for _ in 0..<keyCount {
            let key = try reader.string("a key")
            object[key] = try reader.value(reader.valueType(of: key), of: key)
        }
        let described = try (0..<tensorCount).map { _ in try TensorDescription(from: &reader) }
        let start = try GGUFFile.startOfValues(after: reader.position, object, file)
        metadata = .object(object)
        table = try GGUFFile.table(of: described, from: start, in: file)
    }

    private static func checkKind(_ reader: inout ByteReader) throws {
        let name = reader.file.name
        guard reader.remaining >= 24 else {
            throw Diagnostic("bad-gguf", "\(name) has \(reader.remaining) bytes, a GGUF file at least 24")
        }
        guard try reader.number(UInt32.self) == magic else {
            throw Diagnostic("bad-gguf", "\(name) does not begin with GGUF: it is no GGUF file")
        }
        let version = try reader.number(UInt32.self)
        guard version == 2 || version == 3 else {
            let bigEndian = version & 0xffff == 0
            throw Diagnostic(
                "bad-gguf",
                bigEndian
                    ? "\(name) is a big-endian GGUF file, supported are little-endian ones"
                    : "\(name) is GGUF version \(version), supported are 2 and 3")
        }
    }

    private static func startOfValues(
        after end: Int, _ metadata: JSONObject, _ file: MappedFile
    ) throws -> Int {
        let alignment = metadata["general.alignment"]?.integer ?? defaultAlignment
        guard alignment > 0, alignment <= 1 << 20, alignment & (alignment - 1) == 0 else {
            throw Diagnostic(
                "bad-gguf",
                "\(file.name) has general.alignment \(alignment), expected a power of two up to 1 MiB"
            )
        }
        return (end + alignment - 1) / alignment * alignment
    }

    private static func table(
        of described: [TensorDescription], from start: Int, in file: MappedFile
    ) throws -> TensorTable {
        var table = TensorTable()
        for each in described {
            let (offset, overflow) = start.addingReportingOverflow(each.offset)
            guard !overflow else {
                throw Diagnostic(
                    "bad-tensor", "\(file.name): tensor \(each.name.briefly) lies at offset \(each.offset)")
            }
            let tensor = try StoredTensor(
                name: each.name, shape: each.shape, format: each.format, file: file, offset: offset)
            guard table.add(tensor) else {
                throw Diagnostic("bad-gguf", "\(file.name) has two tensors named \(each.name.briefly)")
            }
        }
        try table.refuseOverlap(in: file)
        return table
    }
}

/// What the header says of one tensor.
private struct TensorDescription {
    let name: String
    let shape: [Int]
    let format: NumberFormat
    /// In bytes from the start of the values.
    let offset: Int

    init(from reader: inout ByteReader) throws {
        let name = try reader.string("a tensor's name")
        let file = reader.file.name
        let dimensions = try reader.number(UInt32.self)
        guard dimensions <= 4 else {
            throw Diagnostic(
                "bad-gguf",
                "\(file): tensor \(name.briefly) has \(dimensions) dimensions, at most 4 are expected")
        }
        var sizes: [Int] = []
        for _ in 0..<dimensions {
            let size = try reader.number(UInt64.self)
            guard let size = Int(exactly: size) else {
                throw Diagnostic("bad-gguf", "\(file): tensor \(name.briefly) has a dimension of \(size)")
            }
            sizes.append(size)
        }
        let code = try reader.number(UInt32.self)
        guard let format = NumberFormat(ggufType: code) else {
            throw Diagnostic(
                "unsupported-type",
                "\(file): tensor \(name.briefly) is stored as \(unsupportedGGUFTypeName(code)), supported are "
                    + NumberFormat.ggufTypes)
        }
        let offset = try reader.number(UInt64.self)
        guard let offset = Int(exactly: offset) else {
            throw Diagnostic("bad-gguf", "\(file): tensor \(name.briefly) lies at offset \(offset)")
        }
        self.name = name
        self.shape = sizes.reversed()
        self.format = format
        self.offset = offset
    }
}
