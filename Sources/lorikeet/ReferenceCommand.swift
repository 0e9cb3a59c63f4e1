import ArgumentParser
import Commands
import Foundation
import JSON
import Language

/// `lorikeet reference`: what the command declarations say, for the docs and for highlighters.
struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Writes the reference pages, or the language's words.")

    @Option(help: "Write the reference as Markdown pages into this folder.")
    var markdown: String?

    @Flag(help: "Print the language's words as JSON, for a syntax highlighter.")
    var words = false

    func validate() throws {
        if markdown == nil, !words { throw ValidationError("choose --markdown FOLDER or --words") }
    }

    func run() throws {
        let lexicon = CellInterpreter(session: Session()).lexicon
        if words { print(WordList(lexicon).json.text(indent: 2)) }
        guard let markdown else { return }
        let folder = URL(fileURLWithPath: markdown)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for page in ReferencePages(lexicon).pages {
            try Data(page.text.utf8).write(to: folder.appendingPathComponent(page.file), options: .atomic)
        }
    }
}
