import Diagnostics

/// Every data set that has a name.
package enum DatasetRegistry {
    package static let all: [any DatasetSource] = [
        ToySentences(),
        IMDB(),
        SMSSpam(),
        SICK(),
        Alpaca(),
        RedditTIFU(),
        Preferences(),
        TableFile(),
    ]

    package static func source(named name: String) throws -> any DatasetSource {
        if let found = all.first(where: { $0.name == name.lowercased() }) { return found }
        let names = all.map(\.name)
        let hint = closestName(to: name, among: names).map { "did you mean \($0)?" }
        throw Diagnostic(
            "unknown-dataset", "there is no data set \(name)",
            hint: hint ?? "there are \(names.joined(separator: ", ")); a file: load file path=FILE")
    }

    /// Finds, reads, splits: the one way from a request to a data set.
    ///
    /// A name with a slash or a file ending is taken for a path.
    package static func load(
        _ request: DatasetRequest, cache: CacheFolder,
        progress: @escaping (String) -> Void = { _ in }, interruption: Interruption = Interruption()
    ) throws -> Dataset {
        var request = request
        if request.path == nil, request.name.contains("/") || request.name.contains(".") {
            request.path = request.name
            request.name = ""
        }
        if request.name.isEmpty { request.name = TableFile().name }
        request.path = request.path.map(expandingHome)
        let source = try source(named: request.name)
        try refuseUnused(request, by: source)
        var context = LoadContext(cache: cache, progress: progress, interruption: interruption)
        context.encoding = request.encoding
        let rows = try source.rows(for: request, in: context)
        return try DatasetAssembly(rows: rows, request: request, interruption: interruption).dataset()
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
