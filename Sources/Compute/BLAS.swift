import COpenBLAS
import CVectorMath
import Diagnostics

/// Matrix products on one core each; parallel work calls them side by side.
package enum BLAS {
    /// Loads the library; called before any model, so that products can't fail later.
    ///
    /// - Throws: `no-blas` with the system's reason.
    package static func prepare() throws {
        if let reason = lorikeet_blas_load() {
            throw Diagnostic(
                "no-blas", "OpenBLAS could not be loaded: \(String(cString: reason))",
                hint: "install it (Debian: apt install libopenblas0; macOS: brew install openblas)")
        }
    }

    /// The CPU kernels in use, such as `SkylakeX`.
    package static var core: String { String(cString: lorikeet_blas_core()) }

    /// `OpenBLAS 0.3.21`; `OpenBLAS` where the library does not say more.
    package static var version: String {
        let words = String(cString: lorikeet_blas_configuration()).split(separator: " ").prefix(2)
        return words.isEmpty ? "OpenBLAS" : words.joined(separator: " ")
    }

    /// `c = alpha * a * op(b)`, or that and `c` where it `adds`, row-major; strides are in floats.
    ///
    /// A row's result has the same bytes whatever rows stand beside it, and however rows and columns are cut into
    /// several products: always by our own kernel, since OpenBLAS's differ between numbers of rows. What a sample
    /// goes through is multiplied so; what sums over samples may go by `multiply`.
    ///
    /// - `a`: (m, k); `b`: (k, n), or (n, k) when transposed; `c`: (m, n).
    @inline(__always)
    package static func multiplyRows(
        _ a: UnsafePointer<Float>, stride aStride: Int,
        by b: UnsafePointer<Float>, stride bStride: Int, byTransposed bTransposed: Bool = false,
        into c: UnsafeMutablePointer<Float>, stride cStride: Int,
        m: Int, n: Int, k: Int, alpha: Float = 1, adds: Bool = false
    ) {
        let isDone = lk_multiply_rows(
            lk_product_level(), bTransposed ? 1 : 0, m, n, k, alpha, a, aStride, b, bStride, adds ? 1 : 0, c,
            cStride)
        precondition(isDone != 0, "no memory to work in for a product of \(m) × \(k) × \(n)")
    }

    /// `c = alpha * op(a) * op(b) + beta * c`, row-major; strides are in floats.
    ///
    /// Our own kernel where it is the faster one (products.c), OpenBLAS elsewhere; which, and so a row's last bits,
    /// depends on the number of rows.
    ///
    /// - `a`: (m, k), or (k, m) when transposed; `b`: (k, n), or (n, k) when transposed; `c`: (m, n).
    @inline(__always)
    package static func multiply(
        _ a: UnsafePointer<Float>, stride aStride: Int, transposed aTransposed: Bool = false,
        by b: UnsafePointer<Float>, stride bStride: Int, byTransposed bTransposed: Bool = false,
        into c: UnsafeMutablePointer<Float>, stride cStride: Int,
        m: Int, n: Int, k: Int, alpha: Float = 1, beta: Float = 0
    ) {
        let isDone = lk_multiply(
            aTransposed ? 1 : 0, bTransposed ? 1 : 0, m, n, k, alpha, a, aStride, b, bStride, beta, c, cStride
        )
        guard isDone == 0 else { return }
        multiplyByLibrary(
            a, stride: aStride, transposed: aTransposed, by: b, stride: bStride, byTransposed: bTransposed,
            into: c, stride: cStride, m: m, n: n, k: k, alpha: alpha, beta: beta)
    }

    /// As `multiply`, always by OpenBLAS.
    package static func multiplyByLibrary(
        _ a: UnsafePointer<Float>, stride aStride: Int, transposed aTransposed: Bool = false,
        by b: UnsafePointer<Float>, stride bStride: Int, byTransposed bTransposed: Bool = false,
        into c: UnsafeMutablePointer<Float>, stride cStride: Int,
        m: Int, n: Int, k: Int, alpha: Float = 1, beta: Float = 0
    ) {
        lorikeet_sgemm(
            aTransposed ? 1 : 0, bTransposed ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha,
            a, Int32(aStride), b, Int32(bStride), beta, c, Int32(cStride))
    }
}
