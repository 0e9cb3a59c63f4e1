import Diagnostics
import Foundation
import System

/// Finds the checkpoint that a path means.
package enum CheckpointFolder {
    /// Opens a `.safetensors` or `.gguf` file, or a folder that holds one.
    ///
    /// In a folder: `model.safetensors`, else `model.safetensors.index.json` with its shards, else
    /// the only `.safetensors` or `.gguf` file.
    ///
    /// - Throws: `no-checkpoint` with what was found instead, or what is wrong with the file.
    package static func open(path: String) throws -> any Checkpoint {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Diagnostic("no-file", "there is no file or folder \(path)")
        }
        return isFolder.boolValue ? try openFolder(path) : try openFile(path)
    }

    private static func openFile(_ path: String) throws -> any Checkpoint {
        if path.hasSuffix(".index.json") { return try ShardedSafetensors(index: path) }
        if path.hasSuffix(".gguf") { return try GGUFFile(path: path) }
        if path.hasSuffix(".safetensors") { return try SafetensorsFile(path: path) }
        throw Diagnostic(
            "no-checkpoint",
            "\(path) is no checkpoint: expected .safetensors, .safetensors.index.json or .gguf")
    }

    private static func openFolder(_ folder: String) throws -> any Checkpoint {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw Diagnostic(
                "unreadable-file",
                "cannot read the folder \(folder): \(systemReason(error))")
        }
        let preferred = ["model.safetensors", "model.safetensors.index.json"].first(where: names.contains)
        if let preferred { return try openFile("\(folder)/\(preferred)") }
        for suffix in [".safetensors.index.json", ".safetensors", ".gguf"] {
            let found = names.filter { $0.hasSuffix(suffix) }
            if found.count == 1 { return try openFile("\(folder)/\(found[0])") }
            if found.count > 1 {
                throw Diagnostic(
                    "no-checkpoint",
                    "\(folder) holds \(found.count) checkpoints: \(found.joined(separator: ", "))",
                    hint: "name the one to open")
            }
        }
        let pickled = names.contains { $0.hasSuffix(".bin") || $0.hasSuffix(".pt") || $0.hasSuffix(".pth") }
        throw Diagnostic(
            "no-checkpoint", "\(folder) holds no .safetensors and no .gguf file",
            hint: pickled ? "a pickled checkpoint (.bin, .pt) can run code: convert it to safetensors" : nil)
    }
}
