import CVectorMath

/// What the bytes of a computation depend on beside its inputs.
package enum Processor {
    /// The widest instruction set that our kernels have a clone for, and OpenBLAS's kernels: `avx512 SkylakeX`.
    ///
    /// The kernels are `none` where OpenBLAS cannot be loaded.
    package static let kind: String = {
        try? BLAS.prepare()
        let levels = ["plain", "avx", "avx2", "avx512"]
        let level = Int(lk_product_level())
        return "\(levels.indices.contains(level) ? levels[level] : "level \(level)") \(BLAS.core)"
    }()
}
