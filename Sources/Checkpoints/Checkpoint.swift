import Compute
import Diagnostics
import JSON

/// A named set of stored tensors: one file or several.
package protocol Checkpoint: Sendable {
    /// In the order of the file.
    var names: [String] { get }
    func tensor(named name: String) -> StoredTensor?
    /// GGUF's keys and values as an object; empty for safetensors, whose folder has a config.json.
    var metadata: JSON { get }
}

extension Checkpoint {
    package var tensors: [StoredTensor] { names.compactMap { tensor(named: $0) } }
}

/// Tensors in the order of the file, found by name.
struct TensorTable: Sendable {
    private(set) var names: [String] = []
    private var byName: [String: StoredTensor] = [:]

    /// False when there already is a tensor of that name.
    mutating func add(_ tensor: StoredTensor) -> Bool {
        guard byName.updateValue(tensor, forKey: tensor.name) == nil else { return false }
        names.append(tensor.name)
        return true
    }

    subscript(name: String) -> StoredTensor? { byName[name] }

    /// Throws when two tensors share bytes: such a file could ask for far more memory than its size.
    ///
    /// - `start`: where the first must lie, and each other right after the one before, up to the file's end; nil
    ///   where a format pads.
    func refuseOverlap(in file: MappedFile, withoutHolesFrom start: Int? = nil) throws {
        var end = start ?? 0
        var last = ""
        let sorted = byName.values.filter { $0.byteCount > 0 }.sorted { $0.offset < $1.offset }
        for tensor in sorted {
            guard tensor.offset >= end else {
                throw Diagnostic(
                    "bad-tensor",
                    "\(file.name) gives the same bytes to the tensors \(last.briefly) and "
                        + tensor.name.briefly)
            }
            guard start == nil || tensor.offset == end else {
                throw Diagnostic(
                    "bad-tensor",
                    "\(file.name) has \(tensor.offset - end) bytes before the tensor \(tensor.name.briefly) that belong to none"
                )
            }
            end = tensor.offset + tensor.byteCount
            last = tensor.name
        }
        guard start == nil || end == file.count else {
            throw Diagnostic(
                "bad-tensor",
                "\(file.name) has \(file.count - end) bytes after its last tensor: is it whole, and one file?"
            )
        }
    }
}

extension String {
    /// A name out of a file for a message: cut when it is endless.
    var briefly: String {
        unicodeScalars.count > 120 ? String(unicodeScalars.prefix(120)) + "…" : self
    }
}
