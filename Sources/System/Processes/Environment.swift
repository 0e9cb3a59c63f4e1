import Foundation

/// A variable of the environment; empty counts as not set.
package func environmentVariable(_ name: String) -> String? {
    guard let raw = getenv(name) else { return nil }
    let value = String(cString: raw)
    return value.isEmpty ? nil : value
}

/// The user's home folder.
package func homeFolder() -> String {
    if let home = environmentVariable("HOME") { return home }
    if let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir { return String(cString: folder) }
    return "/"
}

/// The name in the headers of our messages.
package func userName() -> String {
    environmentVariable("USER") ?? environmentVariable("LOGNAME") ?? "username"
}
