import Diagnostics
import Foundation

/// What to say when the system did not let something be written.
///
/// - `code`: the system's `errno`.
package func cannotWrite(_ path: String, because code: Int32) -> Diagnostic {
    let hint: String? =
        switch code {
        case ENOSPC, EDQUOT: "free some space there, or choose a path on another disk"
        case ENOENT, ENOTDIR: "choose a path in a folder that is there"
        case EACCES, EPERM, EROFS: "choose a path where you may write"
        default: nil
        }
    return Diagnostic(
        "cannot-write", "cannot write \(path): \(String(cString: strerror(code)))", hint: hint)
}
