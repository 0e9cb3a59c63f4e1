import Compute
import Diagnostics
import JSON

/// One `.safetensors` file, memory-mapped.
///
/// Layout: the header's length (8 bytes, little endian), the header (JSON: name → dtype, shape,
/// data_offsets), then the values. Nothing of the header is believed before it is checked
/// against the file's size.
package struct SafetensorsFile: Checkpoint {
    /// `__metadata__`: what the writer noted (`format`: `pt`, say).
    package let notes: [String: String]
    private let table: TensorTable

    package var names: [String] { table.names }
    package var metadata: JSON { [:] }
    package func tensor(named name: String) -> StoredTensor? { table[name] }

    /// - Throws: `bad-safetensors` or `bad-tensor`, naming the file and the tensor.
    package init(path: String) throws {
        try self.init(file: MappedFile(path: path))
    }

    package init(file: MappedFile) throws {
        let headerEnd = try SafetensorsFile.headerEnd(of: file)
        let header = try SafetensorsFile.header(of: file, end: headerEnd)
        var table = TensorTable()
        var notes: [String: String] = [:]
        for (name, entry) in header {
            if name == "__metadata__" {
                for (key, value) in entry.object ?? [:] { notes[key] = value.string }
                continue
            }
            let tensor = try SafetensorsFile.tensor(name, entry, in: file, from: headerEnd)
            guard table.add(tensor) else {
                throw bad(file, "has two tensors named \(name.briefly)")
            }
        }
        try table.refuseOverlap(in: file, withoutHolesFrom: headerEnd)
        self.table = table
        self.notes = notes
    }

    private static func headerEnd(of file: MappedFile) throws -> Int {
        guard file.count >= 8 else {
            throw bad(file, "has \(file.count) bytes, a safetensors file at least 8")
        }
        let length = withExtendedLifetime(file) {
            UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
        }
        guard length <= UInt64(file.count - 8) else {
            throw bad(
                file,
                "announces a header of \(length) bytes, \(file.count - 8) follow: "
                    + "it is truncated or no safetensors file")
        }
        guard length <= 1 << 25 else {
            throw bad(file, "has a header of \(length) bytes, supported are \(1 << 25)")
        }
        return 8 + Int(length)
    }

    private static func header(of file: MappedFile, end: Int) throws -> JSONObject {
        let parsed: JSON
        do {
            parsed = try withExtendedLifetime(file) {
                try JSON(parsing: UnsafeRawBufferPointer(rebasing: file.bytes[8..<end]))
            }
        } catch let error as Diagnostic {
            throw bad(file, "has a header that is no JSON: \(error.message)")
        }
        guard let object = parsed.object else { throw bad(file, "has a header that is no JSON object") }
        return object
    }

    private static func tensor(
        _ name: String, _ entry: JSON, in file: MappedFile, from headerEnd: Int
    ) throws -> StoredTensor {
        func wrong(_ what: String) -> Diagnostic { bad(file, "tensor \(name.briefly): \(what)") }
        guard let type = entry["dtype"]?.string else { throw wrong("has no dtype") }
        guard let format = NumberFormat(safetensorsType: type) else {
            throw Diagnostic(
                "unsupported-type",
                "\(file.name): tensor \(name.briefly) has the dtype \(type.briefly), supported are "
                    + NumberFormat.safetensorsTypes)
        }
        guard let sizes = entry["shape"]?.array else { throw wrong("has no shape") }
        let shape = sizes.compactMap(\.integer)
        guard shape.count == sizes.count else { throw wrong("has a shape that is no list of sizes") }
        guard shape.count <= 16 else { throw wrong("has \(shape.count) dimensions, supported are 16") }
        guard let range = entry["data_offsets"]?.array?.compactMap(\.integer), range.count == 2 else {
            throw wrong("has no data_offsets [begin, end]")
        }
        guard range[0] >= 0, range[0] <= range[1], range[1] <= file.count - headerEnd else {
            throw wrong(
                "lies at bytes \(range[0])…\(range[1]) of the values, which are \(file.count - headerEnd): "
                    + "is the file truncated?")
        }
        let tensor = try StoredTensor(
            name: name, shape: shape, format: format, file: file, offset: headerEnd + range[0])
        guard tensor.byteCount == range[1] - range[0] else {
            throw wrong(
                "of shape \(shape) in \(type) needs \(tensor.byteCount) bytes, the header gives it "
                    + "\(range[1] - range[0])")
        }
        return tensor
    }
}

private func bad(_ file: MappedFile, _ what: String) -> Diagnostic {
    Diagnostic("bad-safetensors", "\(file.name) \(what)")
}
