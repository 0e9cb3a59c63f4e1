import Foundation

/// A path as a person writes it: `~` stands for the home folder, a final slash for nothing.
///
/// - `home`: nil takes the process's own, and knows others' (`~name`).
package func expandingHome(_ path: String, home: String? = nil) -> String {
    let isOwn = path == "~" || path.hasPrefix("~/")
    let path = home.map { isOwn ? $0 + path.dropFirst() : path } ?? (path as NSString).expandingTildeInPath
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
}
