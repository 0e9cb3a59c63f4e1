import Diagnostics
import Foundation

/// What stands at a path, found out without opening it: a pipe or a device could block for ever.
package enum PathKind {
    case file(bytes: Int)
    case folder

    /// Follows links.
    ///
    /// - Throws: `no-file`, `not-a-file` or `not-readable`, with what is there instead.
    package init(of path: String) throws {
        guard !path.isEmpty else {
            throw Diagnostic("no-file", "the path is empty", hint: "path=FILE names a file or a folder")
        }
        guard !path.utf8.contains(0) else {
            throw Diagnostic(
                "no-file", "the path holds a NUL, which no file's name can", hint: "check the path")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.problem(errno, at: path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file(bytes: Int(clamping: status.st_size))
        case S_IFDIR: self = .folder
        case S_IFIFO: throw Self.notAFile(path, "a named pipe")
        case S_IFSOCK: throw Self.notAFile(path, "a socket")
        case S_IFCHR, S_IFBLK: throw Self.notAFile(path, "a device")
        default: throw Self.notAFile(path, "neither a file nor a folder")
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Diagnostic(
                "not-readable", "\(path.forMessages) may not be read", hint: "chmod +r on it lets you")
        }
    }

    /// Whether a name stands there, be it of a link that leads nowhere: what is wrong with that is said then.
    package static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether two paths lead to one file that is there, by whatever links.
    package static func isSameFile(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func notAFile(_ path: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "not-a-file", "\(path.forMessages) is \(what), expected a file or a folder",
            hint: "put what comes out of it into a file, and name that")
    }

    private static func problem(_ error: Int32, at path: String) -> Diagnostic {
        let shown = path.forMessages
        switch error {
        case ELOOP:
            return Diagnostic(
                "no-file", "\(shown) is a link that leads back to itself", hint: "name the file itself")
        case EACCES:
            return Diagnostic(
                "not-readable", "\(shown) may not be looked at", hint: "chmod +x on its folder lets you")
        case ENAMETOOLONG:
            return Diagnostic(
                "no-file", "the path \(shown) is too long, \(path.utf8.count) bytes", hint: "check the path")
        default: return missing(path)
        }
    }

    /// What to say of a path at which nothing stands.
    package static func missing(_ path: String) -> Diagnostic {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
            return Diagnostic(
                "no-file", "\(path.forMessages) is a link to \(target.forMessages), which is not there",
                hint: "name a file that is")
        }
        let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let folder = String(path[..<end])
        let neighbours = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder))
        let near = neighbours.flatMap { closestName(to: String(path[end...]), among: $0.sorted()) }
        let here = FileManager.default.currentDirectoryPath
        return Diagnostic(
            "no-file", "there is no file \(path.forMessages)",
            hint: near.map { "did you mean \(folder)\($0)?" }
                ?? (path.hasPrefix("/") ? "check the path" : "the path starts from \(here)"))
    }
}
