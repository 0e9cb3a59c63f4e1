#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the machine and this process have of memory, in bytes.
package enum SystemMemory {
    /// What could be taken now without swapping, or nil where the system does not say.
    package static var available: Int? {
        #if os(Linux)
            guard let text = file("/proc/meminfo") else { return nil }
            return kibibytes(named: "MemAvailable:", in: text).map { $0 * 1024 }
        #else
            return nil
        #endif
    }

    /// The process's resident set now.
    package static var resident: Int? {
        guard let text = file("/proc/self/status") else { return nil }
        return kibibytes(named: "VmRSS:", in: text).map { $0 * 1024 }
    }

    /// The largest resident set that the process has had, its parent's not counted.
    package static var peakResident: Int {
        #if os(Linux)
            return file("/proc/self/status").flatMap { kibibytes(named: "VmHWM:", in: $0) }.map { $0 * 1024 }
                ?? 0
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }

    private static func kibibytes(named name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
        return nil
    }

    private static func file(_ path: String) -> String? {
        guard let handle = fopen(path, "r") else { return nil }
        defer { fclose(handle) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, handle)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
