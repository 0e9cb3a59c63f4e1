import CVectorMath

/// What the bytes of a computation depend on beside its inputs.
package enum Processor {
    /// The widest instruction set that our kernels have a clone for, OpenBLAS's kernels, and the libraries that sum and
    /// take powers: `avx512 SkylakeX, OpenBLAS 0.3.21, Linux`.
    ///
    /// The kernels are `none` where OpenBLAS cannot be loaded.
    package static let kind: String = {
        try? BLAS.prepare()
        let levels = ["plain", "avx", "avx2", "avx512"]
        let level = Int(lk_product_level())
        let name = levels.indices.contains(level) ? levels[level] : "level \(level)"
        #if os(macOS)
            let system = "macOS"
        #else
            let system = "Linux"
        #endif
        return "\(name) \(BLAS.core), \(BLAS.version), \(system)"
    }()
}
