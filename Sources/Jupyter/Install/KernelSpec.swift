import Diagnostics
import JSON
import System

/// What Jupyter reads to start the kernel: `kernel.json` and the logos beside it.
package struct KernelSpec: Sendable {
    package static let language = "lorikeet"

    /// The folder's name, by which `jupyter --kernel` knows it.
    package var name = KernelSpec.language
    package var displayName = "Lorikeet"
    /// Absolute: Jupyter starts kernels from anywhere.
    package var executable: String

    package init(executable: String) {
        self.executable = executable
    }

    /// Interrupts come as messages: they reach the kernel through containers and over networks, where
    /// a signal does not, and they leave the programs that a cell started alone. SIGINT works besides.
    package var json: JSON {
        [
            "argv": [.string(executable), "kernel", "-f", "{connection_file}"],
            "display_name": .string(displayName),
            "language": .string(Self.language),
            "interrupt_mode": "message",
            "kernel_protocol_version": "5.6",
            "metadata": ["debugger": false, "supported_encryption": ["curve"]],
        ]
    }

    /// Writes the spec's folder.
    ///
    /// - Returns: the folder.
    package func install(in place: InstallPlace) throws -> String {
        try checkName(name)
        let folder = try place.kernelsFolder() + "/" + name
        try makeFolder(folder)
        for logo in Logos.files {
            try AtomicFile.write(bytes(ofBase64: logo.base64), to: "\(folder)/\(logo.name)")
        }
        try AtomicFile.write(
            json.utf8(indent: 2) + [UInt8(ascii: "\n")], to: "\(folder)/\(Self.fileName)")
        return folder
    }

    /// Removes what `install` wrote; another language's kernel of that name is left alone.
    ///
    /// - Returns: the folder.
    package static func uninstall(_ name: String, from place: InstallPlace) throws -> String {
        try checkName(name)
        let folder = try place.kernelsFolder() + "/" + name
        guard fileExists("\(folder)/\(fileName)") else {
            throw Diagnostic("not-installed", "there is no kernel \(name) in \(try place.kernelsFolder())")
        }
        let spec = try JSON(parsing: readFile("\(folder)/\(fileName)"))
        guard spec["language"]?.string == language else {
            throw Diagnostic("not-ours", "the kernel in \(folder) is not Lorikeet; it is left alone")
        }
        for file in Logos.files.map(\.name) + [fileName] { unlink("\(folder)/\(file)") }
        guard rmdir(folder) == 0 else {
            throw Diagnostic("not-empty", "\(folder) holds other files too; they are left alone")
        }
        return folder
    }

    private static let fileName = "kernel.json"
}

/// Jupyter's rule for kernel names; it also keeps a name inside its folder.
private func checkName(_ name: String) throws {
    let isAllowed = name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
    guard isAllowed, !name.isEmpty, name != ".", name != ".." else {
        throw Diagnostic(
            "bad-kernel-name", "\(name.debugDescription) cannot name a kernel",
            hint: "use letters, digits, dots, dashes and underscores")
    }
}

/// Base64 of our own making: nothing but its 64 letters and the padding.
private func bytes(ofBase64 text: String) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let values = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, UInt32($0)) })
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for value in text.utf8.compactMap({ values[$0] }) {
        bits = bits << 6 | value
        count += 6
        guard count >= 8 else { continue }
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
}
