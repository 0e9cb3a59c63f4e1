import Diagnostics
import Foundation

/// What to say when the system did not let something be written.
///
/// - `code`: the system's `errno`.
package func cannotWrite(_ path: String, because code: Int32) -> Diagnostic {
    let isFull = code == ENOSPC || code == EDQUOT
    return Diagnostic(
        "cannot-write", "cannot write \(path): \(String(cString: strerror(code)))",
        hint: isFull ? "free some space there, or choose a path on another disk" : nil)
}
