import Foundation

/// What processes that have ended were still writing in a folder.
package struct Leftovers {
    let folder: String

    package init(folder: String) { self.folder = folder }

    /// Removes it; what a living process has locked stays, and so does everything whose name is not ours.
    package func remove() {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names where StagingName.isOurs(name) {
            let path = "\(folder)/\(name)"
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Where a file system knows no locks, nobody can tell whose it is.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isSame(descriptor, path) else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}

/// `.adapter.4711-123456.part`: the target's name, a process, and chance.
enum StagingName {
    static func fresh(for target: String) -> String {
        // A name may have 255 bytes; the whole of a long one is of no use here.
        let stem = String(String.UnicodeScalarView(target.unicodeScalars.prefix(50)))
        return ".\(stem).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    }

    static func isOurs(_ name: String) -> Bool { name.wholeMatch(of: /\..+\.\d+-\d+\.part/) != nil }
}

/// Takes the lock, where the file system has locks.
func isLocked(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
}

/// Whether the name still is what was opened.
func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
        && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
}
