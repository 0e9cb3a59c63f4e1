/// What is wrong with who may read a connection file; nil when only its owner may.
///
/// Who reads the key can run code as the kernel's user.
package func permissionWarning(for path: String) -> String? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    if info.st_uid != getuid() { return "the connection file \(path) belongs to another user" }
    guard info.st_mode & 0o077 != 0 else { return nil }
    let mode = String(info.st_mode & 0o777, radix: 8)
    return "the connection file \(path) may be read by others (mode \(mode)); chmod 600 it"
}
