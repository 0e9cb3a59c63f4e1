import System

/// Gives back the pages of code that only start-up needed: half of an idle kernel's memory.
///
/// Code is a read-only view of files; a page that is needed again is mapped again in a microsecond.
/// Only executable mappings are touched: nothing in them was ever written.
func releaseCodePages() {
    #if os(Linux)
        guard let maps = try? readFile("/proc/self/maps") else { return }
        for line in maps.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard fields.count == 3, fields[1].elementsEqual("r-xp".utf8), line.contains(UInt8(ascii: "/"))
            else { continue }
            let ends = fields[0].split(separator: UInt8(ascii: "-")).compactMap {
                UInt(String(decoding: $0, as: UTF8.self), radix: 16)
            }
            guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
            madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
    #endif
}
