import Diagnostics
import System

/// Where a kernelspec can be installed.
package enum InstallPlace: Sendable, Equatable {
    /// The user's own data folder; `JUPYTER_DATA_DIR` names another.
    case user
    /// The Python environment that is active.
    case activeEnvironment
    case prefix(String)

    /// The folder that holds one folder a kernel.
    package func kernelsFolder() throws -> String {
        switch self {
        case .user: return userDataFolder() + "/kernels"
        case .prefix(let prefix): return absolutePath(prefix) + "/share/jupyter/kernels"
        case .activeEnvironment: return try activePrefix() + "/share/jupyter/kernels"
        }
    }
}

private func userDataFolder() -> String {
    if let folder = environmentVariable("JUPYTER_DATA_DIR") { return absolutePath(folder) }
    #if os(macOS)
        return homeFolder() + "/Library/Jupyter"
    #else
        return (environmentVariable("XDG_DATA_HOME") ?? homeFolder() + "/.local/share") + "/jupyter"
    #endif
}

/// The environment that was activated, else the one whose `jupyter` or `python3` is found first.
private func activePrefix() throws -> String {
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
        if let prefix = environmentVariable(name) { return prefix }
    }
    let folders = (environmentVariable("PATH") ?? "").split(separator: ":")
    for program in ["jupyter", "python3"] {
        for folder in folders where access("\(folder)/\(program)", X_OK) == 0 {
            guard folder.hasSuffix("/bin") else { continue }
            return String(folder.dropLast("/bin".count))
        }
    }
    throw Diagnostic(
        "no-environment", "no Python environment is active and none is on the PATH",
        hint: "activate one, or name its folder with --prefix")
}

private func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let raw = getcwd(nil, 0) else { return path }
    defer { free(raw) }
    return String(cString: raw) + "/" + path
}

/// The running program's own file, with no link in its path.
package func executablePath() throws -> String {
    guard let raw = realpath(executableName(), nil) else {
        throw Diagnostic("no-executable", "cannot find the running program's own file")
    }
    defer { free(raw) }
    return String(cString: raw)
}

private func executableName() -> String {
    #if os(Linux)
        return "/proc/self/exe"
    #else
        var size = UInt32(4096)
        var name = [CChar](repeating: 0, count: Int(size))
        guard _NSGetExecutablePath(&name, &size) == 0 else { return CommandLine.arguments.first ?? "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
}
