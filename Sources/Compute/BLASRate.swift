/// How fast OpenBLAS multiplies matrices on one core here: the yardstick for estimates and benchmarks.
package enum BLASRate {
    /// Floating-point operations a second of a large product, the best of a few; measured once.
    package static let measured = rates(of: 6, m: 256, n: 512, k: 512).last ?? 0

    /// The rates of one product after the other, slowest first.
    ///
    /// - `m`, `n`, `k`: the product's rows, columns and inner length.
    package static func rates(of repetitions: Int, m: Int, n: Int, k: Int) -> [Double] {
        let (a, b, c) = (Buffer(count: m * k), Buffer(count: n * k), Buffer(count: m * n))
        for index in 0..<a.count { a.pointer[index] = Float(index % 17) / 17 - 0.5 }
        for index in 0..<b.count { b.pointer[index] = Float(index % 13) / 13 - 0.5 }
        let clock = ContinuousClock()
        return (0..<repetitions).map { _ in
            let start = clock.now
            BLAS.multiplyByLibrary(
                a.pointer, stride: k, by: b.pointer, stride: k, byTransposed: true, into: c.pointer,
                stride: n,
                m: m, n: n, k: k)
            let (seconds, attoseconds) = (clock.now - start).components
            return 2 * Double(m * n * k) / (Double(seconds) + Double(attoseconds) * 1e-18)
        }.sorted()
    }
}
