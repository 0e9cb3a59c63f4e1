import ArgumentParser
import Commands

@main
struct LorikeetProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lorikeet", abstract: Lorikeet.summary, version: Lorikeet.version,
        subcommands: [
            KernelCommand.self, InstallCommand.self, UninstallCommand.self, RunCommand.self,
            ReferenceCommand.self, BenchCommand.self, VersionCommand.self,
        ])
}
