import Synchronization
import System

/// What this process uses of the machine.
enum Usage {
    private static let last = Mutex<(wall: Double, busy: Double)>((0, 0))

    /// Of one processor, since the last call; 0 on the first.
    static func processorPercent() -> Double {
        let now = (wall: seconds(CLOCK_MONOTONIC), busy: seconds(CLOCK_PROCESS_CPUTIME_ID))
        let before = last.withLock { last in
            defer { last = now }
            return last
        }
        guard before.wall > 0, now.wall > before.wall else { return 0 }
        return 100 * (now.busy - before.busy) / (now.wall - before.wall)
    }

    /// Bytes of memory; the most that there ever were where the system does not tell the present.
    static func residentBytes() -> Int {
        #if os(Linux)
            let fields = (try? readFile("/proc/self/statm"))?.split(separator: UInt8(ascii: " ")) ?? []
            guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else {
                return 0
            }
            return pages * sysconf(Int32(_SC_PAGESIZE))
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }

    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func processorCount() -> Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
