import Diagnostics
import Fetching
import Foundation
import System

/// Every data set that has a name.
package enum DatasetRegistry {
    package static let all: [any DatasetSource] = [
        ToySentences(),
        IMDB(),
        SMSSpam(),
        SICK(),
        SNLI(),
        AllNLIMed(),
        Alpaca(),
        RedditTIFU(),
        Preferences.anyFile,
        Preferences.helpfulHarmless,
        TableFile(),
    ]

    package static func source(named name: String) throws -> any DatasetSource {
        if let found = all.first(where: { $0.name == name.lowercased() }) { return found }
        let names = all.map(\.name)
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? []).sorted()
            .filter { !$0.hasPrefix(".") }
        let near =
            files.first { TableFile.stem(of: $0) == name } ?? closestName(to: name, among: names + files)
        throw Diagnostic(
            "unknown-dataset",
            "there is no data set \(name.forMessages), and no file or folder of that name",
            hint: near.map { "did you mean \($0)?" }
                ?? "there are \(names.joined(separator: ", ")); a file or a folder: load path=FILE")
    }

    /// Finds, reads, splits: the one way from a request to a data set.
    ///
    /// A name that is none of ours is a path when something is there, or when it looks like one (it
    /// has a slash, or a file's ending).
    ///
    /// - `isLearned`: whether it is to be learned from, which takes two classes.
    package static func load(
        _ request: DatasetRequest, isLearned: Bool = true, in fetching: FetchContext
    ) throws -> Dataset {
        var (request, remarks) = placed(request) {
            PathKind.isThere(expandingHome($0))
        }
        if request.name.isEmpty { request.name = TableFile().name }
        request.path = request.path.map { expandingHome($0) }
        let source = try source(named: request.name)
        try refuseUnused(request, by: source)
        var rows = try source.rows(for: request, in: LoadContext(fetching, encoding: request.encoding))
        rows.notes += remarks
        var dataset = try DatasetAssembly(
            rows: rows, request: request, isLearned: isLearned, interruption: fetching.interruption
        ).dataset()
        dataset.name = source.title(of: request)
        if let context = request.context {
            try dataset.place(
                Passages(at: context, count: request.passages ?? Passages.usualCount, in: fetching))
        }
        return dataset
    }

    /// The same text for requests of the same data, however their path is written.
    package static func place(of request: DatasetRequest) -> String {
        let placed = placed(request) { PathKind.isThere(expandingHome($0)) }.request
        guard let path = placed.path else { return placed.name.lowercased() }
        return URL(filePath: expandingHome(path)).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// The request with its name taken for a path, where it is one, and what is to be said about that.
    static func placed(
        _ request: DatasetRequest, isThere: (String) -> Bool
    ) -> (request: DatasetRequest, remarks: [Remark]) {
        guard request.path == nil, !request.name.isEmpty else { return (request, []) }
        let isOurs = all.contains { $0.name == request.name.lowercased() }
        if isOurs {
            let both = "\(request.name) is also a file or a folder here: load ./\(request.name) reads that"
            return (request, isThere(request.name) ? [Remark(both)] : [])
        }
        guard isThere(request.name) || request.name.contains(where: { "/.".contains($0) }) else {
            return (request, [])
        }
        var request = request
        (request.path, request.name) = (request.name, "")
        return (request, [])
    }

    /// Nothing that is asked for is passed over in silence.
    private static func refuseUnused(_ request: DatasetRequest, by source: any DatasetSource) throws {
        if request.path != nil, !source.takesPath {
            throw Diagnostic(
                "unused-path", "\(source.name) is read from no file",
                hint: "load file path=FILE reads one of yours")
        }
        if request.encoding != nil, request.path == nil, !source.needsPath {
            throw Diagnostic(
                "unused-encoding",
                "encoding= says how a file of yours is to be read, and \(source.name) is none",
                hint: "leave it out")
        }
    }
}
