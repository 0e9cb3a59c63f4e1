/// Whether the process that launched us is still there.
///
/// Where the system can tell us of its end (Linux 5.3), nothing is polled; else `getppid` is.
final class ParentWatch: Sendable {
    private let parent: Int32
    /// Whether it is our own parent; there may be a wrapper between.
    private let isDirect: Bool
    /// Readable once the parent has ended.
    let descriptor: Int32?

    init(_ parent: Int32) {
        // A number from another machine or container names nobody here: then it is who started us.
        let isKnown = kill(parent, 0) == 0 || errno != ESRCH
        self.parent = isKnown ? parent : getppid()
        isDirect = getppid() == self.parent
        descriptor = processDescriptor(of: self.parent)
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// Milliseconds between two looks; -1 where we are told.
    var interval: Int32 { descriptor == nil ? 400 : -1 }

    var isOrphaned: Bool {
        if isDirect, getppid() != parent { return true }
        return kill(parent, 0) != 0 && errno == ESRCH || hasEnded
    }

    private var hasEnded: Bool {
        guard let descriptor else { return false }
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }
}

/// Linux's handle on a process; nil where there is none to be had.
private func processDescriptor(of process: Int32) -> Int32? {
    #if os(Linux)
        // Looked up by name: the C library has it since 2.36, and no header that Swift imports.
        typealias Open = @convention(c) (Int32, UInt32) -> Int32
        guard let symbol = dlsym(nil, "pidfd_open") else { return nil }
        let descriptor = unsafeBitCast(symbol, to: Open.self)(process, 0)
        return descriptor >= 0 ? descriptor : nil
    #else
        return nil
    #endif
}
