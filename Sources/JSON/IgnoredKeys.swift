import Diagnostics

/// The keys that a person goes on without (`ignore=KEY`), beside those that the files have.
package enum IgnoredKeys {
    /// Every key of a value that can be gone without: by itself, by its whole path, and by the part of the file
    /// that it stands in (`pre_tokenizer.behavior`).
    package static func names(in json: JSON) -> Set<String> {
        var names: Set<String> = []
        collect(json, [], into: &names)
        return names
    }

    /// - `what`: whose files they are, for the message.
    /// - Throws: `unknown-key` for one that no file has: going on without it would change nothing.
    package static func require(_ ignored: Set<String>, among known: Set<String>, of what: String) throws {
        guard let stranger = ignored.sorted().first(where: { !known.contains($0) }) else { return }
        throw Diagnostic(
            "unknown-key", "\(what) have no key \(stranger.prefix(60)) to go on without",
            hint: closestName(to: stranger, among: known.sorted()).map { "did you mean \($0)?" })
    }

    /// Tables of tokens, which are no keys.
    private static let tables: Set<String> = ["vocab", "merges"]

    private static func collect(_ json: JSON, _ path: [String], into names: inout Set<String>) {
        guard path.count < 8 else { return }
        for item in json.array ?? [] { collect(item, path, into: &names) }
        for (key, value) in json.object ?? [:] {
            let inner = path + [key]
            names.insert(key)
            names.insert(inner.joined(separator: "."))
            if let top = path.first { names.insert("\(top).\(key)") }
            if !tables.contains(key) { collect(value, inner, into: &names) }
        }
    }
}
