import Diagnostics
import Foundation
import System

/// A whole file as UTF-8, unpacked, with what had to be guessed of its encoding; what is no text is refused.
struct TextFile {
    /// UTF-8 without a byte order mark.
    private(set) var bytes: [UInt8]
    /// What the file was taken for when it is not UTF-8 and nobody said so.
    private(set) var guess: TextEncoding?
    /// Bytes that do not fit the rest of the file and were read as Windows-1252.
    private(set) var oddBytes = 0
    private let path: String

    init(at path: String, in context: LoadContext) throws {
        try Self.check(path)
        self.path = path
        bytes = try Self.read(path)
        if bytes.starts(with: [0x1F, 0x8B]) || path.lowercased().hasSuffix(".gz") {
            bytes = try unpacked(context.interruption)
        }
        try refuseStandIns()
        try decode(as: context.encoding)
        try refuseNUL()
    }

    /// The file of a table, which may not be empty.
    ///
    /// - Throws: `empty-file`.
    static func table(at path: String, in context: LoadContext) throws -> TextFile {
        let file = try TextFile(at: path, in: context)
        guard !file.bytes.isEmpty else {
            throw Diagnostic(
                "empty-file", "\(path) is empty", hint: "download it again, or name another file")
        }
        return file
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes with LF at the ends of lines where the file has CR alone (old Macintosh).
    var lines: [UInt8] {
        let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        guard !bytes.contains(lineFeed), bytes.contains(carriageReturn) else { return bytes }
        return bytes.map { $0 == carriageReturn ? lineFeed : $0 }
    }

    var notes: [Remark] {
        if let guess {
            return [.warning("\(path) is no UTF-8; it was read as \(guess.name) (encoding= names another)")]
        }
        guard oddBytes > 0 else { return [] }
        return [
            .warning(
                "\(counted(oddBytes, "byte")) of \(path) \(oddBytes == 1 ? "is" : "are") no UTF-8, unlike the rest, and \(oddBytes == 1 ? "was" : "were") read as windows-1252"
            )
        ]
    }

    /// Whether a file is there to read, and small enough to be held in memory.
    static func check(_ path: String) throws {
        guard case .file(let size) = try PathKind(of: path) else {
            throw Diagnostic("is-folder", "\(path) is a folder, expected a file", hint: "name a file in it")
        }
        let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory / 6)
        guard size < limit else {
            throw Diagnostic(
                "too-large", "\(path) has \(size >> 20) MB, more than this machine's memory can hold as rows",
                hint: "cut it to at most \(limit >> 20) MB")
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Diagnostic("not-readable", "\(path) could not be read: \(systemReason(error))")
        }
    }

    private mutating func decode(as named: TextEncoding?) throws {
        let marked = TextEncoding.marked(bytes)
        guard let encoding = named ?? marked?.encoding else {
            let guess = EncodingGuess(bytes)
            guard let decoded = guess.bytes else {
                try refuseNUL()
                throw Diagnostic(
                    "bad-encoding", "\(path) is no UTF-8, and what else it is cannot be told",
                    hint: "encoding= names it: windows-1251 (Cyrillic), shift_jis, gb18030, latin-1 …")
            }
            (bytes, self.guess, oddBytes) = (decoded, guess.encoding, guess.oddBytes)
            return
        }
        let mark = marked?.encoding == encoding ? marked?.mark ?? 0 : 0
        guard let text = encoding.text(of: bytes[mark...]) else {
            throw Diagnostic(
                "bad-encoding", "the bytes of \(path) are no \(encoding.name)",
                hint: named == nil
                    ? "the file may be cut off" : "name another encoding=, or leave it out to have it guessed"
            )
        }
        bytes = Array(text.utf8)
    }

    private func refuseNUL() throws {
        guard let place = bytes.firstIndex(of: 0) else { return }
        let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
        throw Diagnostic(
            "not-text", "\(path) is not a text file: there is a NUL byte in line \(line)",
            hint: "csv, tsv, json and jsonl are read; if it is text, take the byte out or say encoding=")
    }

    /// What downloads leave behind in place of the data.
    private func refuseStandIns() throws {
        if bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) {
            throw Diagnostic(
                "not-data", "\(path) is a pointer of Git LFS, not the data themselves",
                hint: "git lfs pull fetches them")
        }
        let start = String(decoding: bytes.prefix(100), as: UTF8.self).trimmed.lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") {
            throw Diagnostic(
                "not-data", "\(path) is a web page, not data",
                hint: "download it again, by the link to the file itself")
        }
    }

    private func unpacked(_ interruption: Interruption) throws -> [UInt8] {
        guard let gzip = ChildProcess.find("gzip") else {
            throw Diagnostic(
                "no-gzip", "\(path) is packed, and gzip is not installed", hint: "unpack it yourself")
        }
        var process = ChildProcess(gzip, ["-dc"])
        process.input = bytes
        process.timeLimit = .seconds(600)
        process.outputLimit = Int(clamping: ProcessInfo.processInfo.physicalMemory / 6)
        let outcome = try process.run(interruption: interruption)
        guard outcome.status == 0 else {
            let reason = outcome.errorText.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) }
            throw Diagnostic(
                "bad-gzip",
                "\(path) could not be unpacked: \(reason?.replacing("gzip: stdin: ", with: "") ?? "damaged")",
                hint: "download it again")
        }
        return outcome.output
    }
}
