/// How fast one core multiplies matrices here: the yardstick for estimates and benchmarks.
package enum BLASRate {
    /// Floating-point operations a second of a large product, the best of a few; measured once.
    package static let measured = best(of: 6, m: 256, n: 512, k: 512)

    /// - `m`, `n`, `k`: the product's rows, columns and inner length.
    package static func best(of repetitions: Int, m: Int, n: Int, k: Int) -> Double {
        let (a, b, c) = (Buffer(zeros: m * k), Buffer(zeros: n * k), Buffer(zeros: m * n))
        let clock = ContinuousClock()
        var least = Duration.seconds(3600)
        for _ in 0..<max(1, repetitions) {
            let start = clock.now
            BLAS.multiply(
                a.pointer, stride: k, by: b.pointer, stride: k, byTransposed: true, into: c.pointer,
                stride: n,
                m: m, n: n, k: k)
            least = min(least, clock.now - start)
        }
        let (seconds, attoseconds) = least.components
        return 2 * Double(m * n * k) / (Double(seconds) + Double(attoseconds) * 1e-18)
    }
}
