import Datasets
import Diagnostics

/// Which classes of other data are which of ours: `positive:pos`, ours first.
struct ClassMap {
    /// Theirs to ours.
    private let places: [String: Int]

    /// - `entries`: several may name one of ours.
    /// - `own`: our classes.
    /// - Throws: `unknown-class` with the nearest one; `bad-value`.
    init(_ entries: [String], of own: [String]) throws {
        var places: [String: Int] = [:]
        for entry in entries {
            // A class may have a colon in its name.
            let cuts = entry.indices.filter { entry[$0] == ":" }
            let found = cuts.lazy.compactMap { cut in
                own.firstIndex(of: String(entry[..<cut])).map {
                    ($0, String(entry[entry.index(after: cut)...]))
                }
            }.first
            guard let (place, theirs) = found, !theirs.isEmpty else { throw Self.wrong(entry, own) }
            guard places[theirs].map({ $0 == place }) ?? true else {
                throw Diagnostic(
                    "bad-value", "\(theirs.forMessages) is two of the classes in validate.map",
                    about: "validate.map", hint: "write it once")
            }
            places[theirs] = place
        }
        self.places = places
    }

    private static func wrong(_ entry: String, _ own: [String]) -> Diagnostic {
        let name = String(entry.prefix { $0 != ":" })
        let first = own.first?.forMessages ?? "positive"
        guard entry.contains(":"), !own.contains(name) else {
            return Diagnostic(
                "bad-value",
                "validate.map cannot be \(entry.forMessages), expected a class and what it is called there",
                about: "validate.map", hint: "write validate.map=\(first):NAME, ours first")
        }
        return Diagnostic(
            "unknown-class", "the data have no class \(name.forMessages)", about: "validate.map",
            hint: closestName(to: name, among: own).map { "did you mean \($0)?" }
                ?? "there are \(own.map(\.forMessages).joined(separator: ", "))")
    }

    /// The same examples with our classes in our order: those of one name, in whatever letters, and those of the map.
    ///
    /// - Throws: `other-classes` that names what is none of ours.
    func applied(to dataset: Dataset, as own: [String], named name: String) throws -> Dataset {
        let exact = Dictionary(own.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let folded = Dictionary(
            own.enumerated().map { ($1.foldedClass, $0) }, uniquingKeysWith: { first, _ in first })
        let found = dataset.labels.map { places[$0] ?? exact[$0] ?? folded[$0.foldedClass] }
        let strangers = zip(dataset.labels, found).filter { $1 == nil }.map(\.0)
        guard strangers.isEmpty else {
            let entry = "\(own.first?.forMessages ?? ""):\(strangers[0].forMessages)"
            throw Diagnostic(
                "other-classes",
                "\(name.forMessages) has \(Self.listed(strangers)), which is none of the classes \(Self.listed(own))",
                about: "validate", hint: "write validate.map=\(entry), or leave \(name) out of validate=")
        }
        var copy = dataset
        for split in Split.allCases {
            for index in copy[split].indices {
                copy[split][index].label = copy[split][index].label.flatMap { found[$0] }
            }
        }
        copy.labels = own
        return copy
    }

    /// One of the map's that none of these has; nil where all are used.
    func unused(by labels: [[String]]) -> String? {
        let there = Set(labels.joined())
        return places.keys.sorted().first { !there.contains($0) }
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(5).map(\.forMessages).joined(separator: ", ")
            + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
