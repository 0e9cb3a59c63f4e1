import Diagnostics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open memory-mapped file; unmapped on deinit.
///
/// `bytes` is valid only while the file is alive. A file that another program shortens while it
/// is mapped raises SIGBUS on reading past its new end, as with every memory-mapped reader.
package final class MappedFile: Sendable {
    package let path: String
    package let count: Int
    nonisolated(unsafe) private let start: UnsafeMutableRawPointer?

    /// - Throws: `no-file` or `unreadable-file`, with what the system said.
    package init(path: String) throws {
        // Not blocking, because a path may be a pipe that nobody writes to.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw cannotOpen(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Diagnostic("unreadable-file", "\(path) is not a file")
        }
        let size = Int(status.st_size)
        if size == 0 {
            start = nil
        } else {
            let mapping = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let mapping, mapping != MAP_FAILED else { throw cannotOpen(path, errno) }
            start = mapping
        }
        self.path = path
        count = size
    }

    deinit {
        if let start { munmap(start, count) }
    }

    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// The name without its folder, for messages.
    package var name: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Lets the system drop the pages of a range from memory; reading them again reloads them.
    package func releasePages(of range: Range<Int>) {
        guard let start, !range.isEmpty, range.lowerBound >= 0, range.upperBound <= count else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = (range.lowerBound + page - 1) / page * page
        let last = range.upperBound == count ? count : range.upperBound / page * page
        if first < last { madvise(start + first, last - first, MADV_DONTNEED) }
    }
}

private func cannotOpen(_ path: String, _ code: Int32) -> Diagnostic {
    if code == ENOENT { return Diagnostic("no-file", "there is no file \(path)") }
    return Diagnostic("unreadable-file", "cannot read \(path): \(String(cString: strerror(code)))")
}
