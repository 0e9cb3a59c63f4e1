import ArgumentParser
import Diagnostics
import Foundation
import Jupyter

/// Where to install to, or to uninstall from.
struct PlaceOptions: ParsableArguments {
    @Flag(help: "For you alone; JUPYTER_DATA_DIR is honoured. The default.")
    var user = false

    @Flag(help: "Into the Python environment that is active.")
    var sysPrefix = false

    @Option(help: "Into this environment, such as a virtual environment's folder.")
    var prefix: String?

    @Option(help: "The kernel's name, for jupyter --kernel.")
    var name = KernelSpec.language

    func validate() throws {
        guard [user, sysPrefix, prefix != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("choose one of --user, --sys-prefix and --prefix")
        }
    }

    var place: InstallPlace {
        if let prefix { return .prefix(prefix) }
        return sysPrefix ? .activeEnvironment : .user
    }
}

/// `lorikeet install`: tells Jupyter of this kernel.
struct InstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Installs the kernel for Jupyter.")

    @OptionGroup var options: PlaceOptions

    @Option(help: "The name that front ends show.")
    var displayName = "Lorikeet"

    func run() throws {
        try explained {
            var spec = KernelSpec(executable: try executablePath())
            spec.name = options.name
            spec.displayName = displayName
            print("installed the kernel \(options.name) in \(try spec.install(in: options.place))")
        }
    }
}

/// `lorikeet uninstall`: takes back what `install` did.
struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Removes the kernel from Jupyter.")

    @OptionGroup var options: PlaceOptions

    func run() throws {
        try explained {
            print("removed \(try KernelSpec.uninstall(options.name, from: options.place))")
        }
    }
}

/// Shows a diagnostic as a sentence, and ends with 1.
func explained(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let diagnostic as Diagnostic {
        FileHandle.standardError.write(Data("lorikeet: \(diagnostic)\n".utf8))
        throw ExitCode.failure
    }
}
