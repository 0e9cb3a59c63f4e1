import Compute
import Diagnostics
import JSON

/// Several `.safetensors` files under one `model.safetensors.index.json`.
package struct ShardedSafetensors: Checkpoint {
    private let table: TensorTable

    package var names: [String] { table.names }
    package var metadata: JSON { [:] }
    package func tensor(named name: String) -> StoredTensor? { table[name] }

    /// - `index`: the path of the index; the shards lie beside it.
    package init(index path: String) throws {
        let file = try MappedFile(path: path)
        let parsed: JSON
        do {
            parsed = try withExtendedLifetime(file) { try JSON(parsing: file.bytes) }
        } catch let error as Diagnostic {
            throw bad(file, "is no index: \(error.message)")
        }
        guard let placed = parsed["weight_map"]?.object else { throw bad(file, "has no weight_map") }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var shards: [String: SafetensorsFile] = [:]
        var table = TensorTable()
        for (name, value) in placed {
            guard let shardName = value.string, !shardName.contains("/"), !shardName.isEmpty else {
                throw bad(file, "places the tensor \(name.briefly) in no file beside it")
            }
            let shard =
                try shards[shardName]
                ?? SafetensorsFile(path: (folder + [shardName[...]]).joined(separator: "/"))
            shards[shardName] = shard
            guard let tensor = shard.tensor(named: name) else {
                throw bad(
                    file,
                    "places the tensor \(name.briefly) in \(shardName.briefly), which has no such tensor")
            }
            _ = table.add(tensor)
        }
        self.table = table
    }
}

private func bad(_ file: MappedFile, _ what: String) -> Diagnostic {
    Diagnostic("bad-safetensors", "\(file.name) \(what)")
}
