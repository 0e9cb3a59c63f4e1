import Display
import Foundation
import Language
import System
import Training

/// The files of some kind that could be named, and the folders that lead to others.
struct PathCandidates {
    private let endings: [String]?
    private let home: String?

    /// How many are offered.
    private static let most = 200

    init(_ source: ValueSource, home: String?) {
        (endings, self.home) = (source.endings, home)
    }

    /// Those of the folder that the prefix names, in order; folders end in a slash. Hidden ones only behind a dot.
    func all(startingWith prefix: String) -> [Candidate] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let start = prefix.dropFirst(folder.count)
        let place = expandingHome(folder.isEmpty ? "." : folder, home: home)
        // A folder that is not there has nothing to offer.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let wanted = names.filter { name in
            name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
                && canBeWritten(name, in: folder)
        }
        let found = wanted.sorted().lazy.compactMap { candidate($0, in: folder, at: "\(place)/\($0)") }
        return Array(found.prefix(Self.most))
    }

    /// A name that begins with ~ would be read as somebody's home; one with a line break stands in no cell.
    private func canBeWritten(_ name: String, in folder: String) -> Bool {
        !(folder.isEmpty && name.hasPrefix("~"))
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private func candidate(_ name: String, in folder: String, at path: String) -> Candidate? {
        // What cannot be read, a pipe for instance, is not offered.
        switch try? PathKind(of: path) {
        case .folder: Candidate(folder + name + "/", contents(of: path), noun: "folder")
        case .file(let bytes):
            fits(name)
                ? Candidate(folder + name, NumberStyle.bytes.text(Double(bytes)), noun: "file") : nil
        case nil: nil
        }
    }

    private func fits(_ name: String) -> Bool {
        guard let endings else { return true }
        let name = name.lowercased()
        return endings.contains { name.hasSuffix("." + $0) }
    }

    /// What a folder is known for; nothing as a rule.
    private func contents(of folder: String) -> String {
        func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
        if holds(PEFTKeys.fileName) { return "an adapter" }
        return holds("config.json") ? "a model" : ""
    }
}
