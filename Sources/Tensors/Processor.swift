import Foundation

/// What the bytes of a computation depend on beside its inputs.
package enum Processor {
    /// The widest instruction set that our kernels have a clone for, and OpenBLAS's kernels: `avx512 SkylakeX`.
    ///
    /// The kernels are `none` where OpenBLAS cannot be loaded.
    package static let kind: String = {
        try? BLAS.prepare()
        let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let set = flags.contains(" avx512vl") ? "avx512" : flags.contains(" avx2") ? "avx2" : "other"
        return "\(set) \(BLAS.core)"
    }()
}
