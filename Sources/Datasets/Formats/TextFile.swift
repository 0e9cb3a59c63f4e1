import Diagnostics
import Foundation

/// Reads whole files as bytes, unpacking `.gz` and refusing what is no text.
enum TextFile {
    /// The bytes of a file, without a byte order mark.
    static func bytes(at path: String, interruption: Interruption) throws -> [UInt8] {
        try check(path)
        var bytes = path.lowercased().hasSuffix(".gz") ? try unpacked(path, interruption) : try read(path)
        guard !bytes.isEmpty else {
            throw Diagnostic(
                "empty-file", "\(path) is empty", hint: "download it again, or name another file")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Diagnostic(
                "not-utf8", "\(path) is UTF-16, expected UTF-8",
                hint: "iconv -f UTF-16 -t UTF-8 FILE converts it")
        }
        guard !bytes.prefix(4096).contains(0) else {
            throw Diagnostic(
                "not-text", "\(path) is not a text file", hint: "csv, tsv, json and jsonl are read")
        }
        return bytes
    }

    /// Whether anything is there to read, and small enough to be held in memory.
    static func check(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw missing(path)
        }
        guard !isFolder.boolValue else {
            throw Diagnostic("is-folder", "\(path) is a folder, expected a file", hint: "name a file in it")
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Diagnostic("not-readable", "\(path) may not be read", hint: "chmod +r FILE lets you")
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? UInt64 ?? 0
        let limit = ProcessInfo.processInfo.physicalMemory / 6
        guard size < limit else {
            throw Diagnostic(
                "too-large", "\(path) has \(size >> 20) MB, more than this machine's memory can hold as rows",
                hint: "cut it to at most \(limit >> 20) MB")
        }
    }

    static func missing(_ path: String) -> Diagnostic {
        let folder = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        let neighbours = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder))
        let near = neighbours.flatMap { closestName(to: name, among: $0.sorted()) }
        let here = FileManager.default.currentDirectoryPath
        return Diagnostic(
            "no-file", "there is no file \(path)",
            hint: near.map { "did you mean \($0)?" }
                ?? (path.hasPrefix("/") ? "check the path" : "the path starts from \(here)"))
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Diagnostic("not-readable", "\(path) could not be read: \(error.localizedDescription)")
        }
    }

    private static func unpacked(_ path: String, _ interruption: Interruption) throws -> [UInt8] {
        guard let gzip = ChildProcess.find("gzip") else {
            throw Diagnostic(
                "no-gzip", "\(path) is packed, and gzip is not installed", hint: "unpack it yourself")
        }
        var process = ChildProcess(gzip, ["-dc", "--", path])
        process.timeLimit = .seconds(600)
        process.outputLimit = Int(clamping: ProcessInfo.processInfo.physicalMemory / 6)
        let outcome = try process.run(interruption: interruption)
        guard outcome.status == 0 else {
            let reason = outcome.errorText.split(separator: "\n").first.map { String($0) } ?? "damaged"
            throw Diagnostic(
                "bad-gzip", "\(path) could not be unpacked: \(reason)", hint: "download it again")
        }
        return outcome.output
    }
}

/// `~/data` with the home folder in place of the tilde.
func expandingHome(_ path: String) -> String {
    path == "~" || path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path
}

/// Makes text of bytes, counting what was no UTF-8.
struct TextDecoder {
    private(set) var repaired = 0

    mutating func text(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        repaired += 1
        return String(decoding: bytes, as: UTF8.self)
    }

    var notes: [String] {
        repaired == 0
            ? []
            : ["\(counted(repaired, "value")) had bytes that are no UTF-8; they were replaced by \u{FFFD}"]
    }
}
