import Datasets
import Diagnostics

/// Which classes of other data are which of ours: `positive:pos`, ours first.
struct ClassMap {
    /// Theirs to ours.
    private let places: [String: Int]
    /// Our classes.
    private let own: [String]
    private let keys: Keys

    /// What a person writes: other data, and which of their classes are which.
    struct Keys: Sendable {
        let data: String
        let map: String

        static let validation = Keys(data: "validate", map: "validate.map")
        static let evaluation = Keys(data: "data", map: "map")
    }

    /// - `entries`: several may name one of ours.
    /// - `own`: our classes.
    /// - Throws: `unknown-class` with the nearest one; `bad-value`.
    init(_ entries: [String], of own: [String], keys: Keys = .validation) throws {
        var places: [String: Int] = [:]
        for entry in entries {
            // A class may have a colon in its name.
            let cuts = entry.indices.filter { entry[$0] == ":" }
            let found = cuts.lazy.compactMap { cut in
                own.firstIndex(of: String(entry[..<cut])).map {
                    ($0, String(entry[entry.index(after: cut)...]))
                }
            }.first
            guard let (place, theirs) = found, !theirs.isEmpty else { throw Self.wrong(entry, own, keys) }
            guard places[theirs].map({ $0 == place }) ?? true else {
                throw Diagnostic(
                    "bad-value", "\(theirs.forMessages) is two of the classes in \(keys.map)",
                    about: keys.map, hint: "write it once")
            }
            places[theirs] = place
        }
        (self.places, self.own, self.keys) = (places, own, keys)
    }

    private static func wrong(_ entry: String, _ own: [String], _ keys: Keys) -> Diagnostic {
        let name = String(entry.prefix { $0 != ":" })
        // A name that a list has no way to write would lead nowhere.
        let writable = own.lazy.compactMap { ListText.written(["\($0):NAME"]) }.first ?? "OURS:THEIRS"
        guard entry.contains(":"), !own.contains(name) else {
            return Diagnostic(
                "bad-value",
                "\(keys.map) cannot be \(entry.forMessages), expected a class and what it is called there",
                about: keys.map, hint: "write \(keys.map)=\(writable), ours first")
        }
        return Diagnostic(
            "unknown-class", "the data have no class \(name.forMessages)", about: keys.map,
            hint: closestName(to: name, among: own).map { "did you mean \($0)?" }
                ?? "there are \(own.map(\.forMessages).joined(separator: ", "))")
    }

    /// - `others`: what other sets are called, and their classes.
    /// - Throws: `other-classes` that names what is none of ours, and shows the map that all of them need;
    ///   `unused-class`.
    func check(_ others: [(name: String, labels: [String])]) throws {
        let strangers = others.map { ours(for: $0.labels).strangers }
        if let index = strangers.firstIndex(where: { !$0.isEmpty }) {
            let name = others[index].name.forMessages
            throw Diagnostic(
                "other-classes",
                "\(name) has \(ClassMatch.listed(strangers[index])), which is none of the classes \(ClassMatch.listed(own))",
                about: keys.data,
                hint: entries(for: others).map {
                    "write \(keys.map)=\($0) (ours first; see which belongs to which), or leave \(name) out of \(keys.data)="
                } ?? "leave \(name) out of \(keys.data)=")
        }
        let there = Set(others.flatMap(\.labels))
        if let name = places.keys.sorted().first(where: { !there.contains($0) }) {
            throw Diagnostic(
                "unused-class", "no data set of \(keys.data)= has the class \(name.forMessages)",
                about: keys.map, hint: "leave it out of \(keys.map)")
        }
    }

    /// The same examples with our classes in our order: those of one name, in whatever letters, and those of the map.
    func applied(to dataset: Dataset) -> Dataset {
        dataset.relabelled(as: own, by: ours(for: dataset.labels).found.compactMap(\.self))
    }

    /// Which of ours their classes are, and those that are none.
    private func ours(for labels: [String]) -> (found: [Int?], strangers: [String]) {
        let exact = Dictionary(own.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let folded = Dictionary(
            own.enumerated().map { ($1.foldedClass, $0) }, uniquingKeysWith: { first, _ in first })
        let found = labels.map { places[$0] ?? exact[$0] ?? folded[$0.foldedClass] }
        return (found, zip(labels, found).filter { $1 == nil }.map(\.0))
    }

    /// `negative:0,positive:1`: all entries that are needed, theirs beside those of ours that they do not have, the one
    /// that begins alike or, since nobody knows better, in their order; nil where none can be written.
    private func entries(for others: [(name: String, labels: [String])]) -> String? {
        guard !own.isEmpty else { return nil }
        var map = places
        for (_, labels) in others {
            let (found, strangers) = ours(for: labels)
            let free = own.indices.filter { !found.contains($0) }
            let open = free.isEmpty ? Array(own.indices) : free
            for (index, stranger) in strangers.enumerated() where map[stranger] == nil {
                let alike = open.first { own[$0].beginsLike(stranger) }
                map[stranger] = alike ?? open[index % open.count]
            }
        }
        return ListText.written(
            map.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map { "\(own[$0.value]):\($0.key)" })
    }
}

extension String {
    /// Whether one of two names of classes begins with the other: `positive` and `pos`.
    fileprivate func beginsLike(_ other: String) -> Bool {
        foldedClass.hasPrefix(other.foldedClass) || other.foldedClass.hasPrefix(foldedClass)
    }
}
