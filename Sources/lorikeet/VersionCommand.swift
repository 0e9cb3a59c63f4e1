import ArgumentParser
import Commands

/// `lorikeet version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Says which Lorikeet this is.")

    func run() {
        print("Lorikeet \(Lorikeet.version)")
    }
}
