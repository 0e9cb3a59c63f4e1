import Foundation
import Language

extension ValueSource {
    static let verb = ValueSource("verb")
    static let variable = ValueSource("variable")
}

/// The names that only the session knows, by their kind.
enum Candidates {
    static func known(
        for source: ValueSource, prefix: String, in state: SessionState, environment: [String: String]
    ) -> [Candidate] {
        switch source {
        case .path: files(startingWith: prefix, home: environment["HOME"])
        case .verb: Registry.commands.map { Candidate($0.declaration.verb, $0.declaration.summary) }
        case .variable: state.variables.names.map { Candidate($0, state.variables[$0]?.source ?? "") }
        default: []
        }
    }

    /// At most 200 entries of the folder that the prefix names; folders end in a slash.
    private static func files(startingWith prefix: String, home: String?) -> [Candidate] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let start = prefix.dropFirst(folder.count)
        var place = folder.isEmpty ? "." : folder
        if place.hasPrefix("~/"), let home { place = home + place.dropFirst() }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let wanted = names.filter { $0.hasPrefix(start) && (start.hasPrefix(".") || !$0.hasPrefix(".")) }
        return wanted.sorted().prefix(200).map { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isFolder)
            return Candidate(
                folder + name + (isFolder.boolValue ? "/" : ""), isFolder.boolValue ? "folder" : "file")
        }
    }
}
