import Diagnostics
import Glibc
import JSON
import Jupyter
import Testing

@Suite struct InstallTests {
    private func temporaryFolder() throws -> String {
        var template = Array("/tmp/lorikeet-install-XXXXXX".utf8CString)
        return try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    @Test func whatIsInstalledIsWhatJupyterReadsAndGoesAgain() throws {
        let prefix = try temporaryFolder()
        var spec = KernelSpec(executable: "/opt/lorikeet")
        spec.name = "bird"
        spec.displayName = "A bird"
        let folder = try spec.install(in: .prefix(prefix))
        #expect(folder == prefix + "/share/jupyter/kernels/bird")
        for file in ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"] {
            #expect(access("\(folder)/\(file)", R_OK) == 0)
        }
        #expect(spec.json["argv"] == ["/opt/lorikeet", "kernel", "-f", "{connection_file}"])
        #expect(spec.json["display_name"] == "A bird")
        #expect(spec.json["metadata"]?["supported_encryption"] == ["curve"])
        _ = try spec.install(in: .prefix(prefix))
        #expect(try KernelSpec.uninstall("bird", from: .prefix(prefix)) == folder)
        #expect(access(folder, F_OK) != 0)
        #expect(throws: Diagnostic.self) { try KernelSpec.uninstall("bird", from: .prefix(prefix)) }
    }

    @Test func anotherLanguagesKernelIsLeftAlone() throws {
        let prefix = try temporaryFolder()
        let spec = KernelSpec(executable: "/opt/lorikeet")
        let folder = try spec.install(in: .prefix(prefix))
        let file = try #require(fopen(folder + "/kernel.json", "w"))
        fputs("{\"language\": \"python\"}", file)
        fclose(file)
        #expect(throws: Diagnostic.self) { try KernelSpec.uninstall(spec.name, from: .prefix(prefix)) }
        #expect(access(folder + "/logo-svg.svg", F_OK) == 0)
    }

    @Test(arguments: ["", "..", "a/b", "sp ace", "é"])
    func aNameStaysInsideItsFolder(_ name: String) throws {
        var spec = KernelSpec(executable: "/opt/lorikeet")
        spec.name = name
        #expect(throws: Diagnostic.self) { try spec.install(in: .prefix("/nowhere")) }
    }
}
