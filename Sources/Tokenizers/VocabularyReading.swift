import Diagnostics
import JSON

/// Reads vocabularies and merges, and believes no id.
enum VocabularyReading {
    /// From a JSON object of token to id.
    static func vocabulary(_ json: JSON?, in file: String) throws -> Vocabulary {
        guard let object = json?.object, !object.isEmpty else {
            throw badTokenizer("\(file) has no vocabulary (an object of tokens and ids)")
        }
        // Ids with wide gaps would ask for memory that the file does not account for.
        let limit = 4 * object.count + 1024
        var tokens: [(token: [UInt8], id: Int32)] = []
        tokens.reserveCapacity(object.count)
        for (token, value) in object {
            guard let id = value.integer, id >= 0, id < limit else {
                throw badTokenizer(
                    "\(file): the token \(token.briefly) has the id \(value.text().briefly), expected 0 to "
                        + "\(limit - 1) for \(object.count) tokens")
            }
            tokens.append((Array(token.utf8), Int32(id)))
        }
        return Vocabulary(tokens)
    }

    /// From a list whose order gives the ids.
    static func vocabulary(_ tokens: [[UInt8]]) -> Vocabulary {
        Vocabulary(tokens.enumerated().map { (token: $1, id: Int32($0)) })
    }

    /// From `"a b"` or `["a", "b"]` in the order of their ranks.
    static func merges(_ list: [JSON], _ vocabulary: Vocabulary, in file: String) throws -> MergeTable {
        var pairs: [(left: [UInt8], right: [UInt8])] = []
        pairs.reserveCapacity(list.count)
        for item in list {
            if let text = item.string {
                pairs.append(try pair(Array(text.utf8)[...], file))
            } else if let left = item[0]?.string, let right = item[1]?.string, item.array?.count == 2 {
                pairs.append((Array(left.utf8), Array(right.utf8)))
            } else {
                throw badTokenizer("\(file): the merge \(item.text().briefly) is no pair")
            }
        }
        return try merges(pairs, vocabulary, in: file)
    }

    /// `"a b"`, cut at its first space that is not its first character.
    static func pair(_ line: ArraySlice<UInt8>, _ file: String) throws -> (left: [UInt8], right: [UInt8]) {
        guard let space = line.dropFirst().firstIndex(of: 32), space + 1 < line.endIndex else {
            throw badTokenizer(
                "\(file): the merge \(String(decoding: line, as: UTF8.self).briefly) is no pair")
        }
        return (Array(line[..<space]), Array(line[(space + 1)...]))
    }

    static func merges(
        _ pairs: [(left: [UInt8], right: [UInt8])], _ vocabulary: Vocabulary, in file: String
    ) throws -> MergeTable {
        func id(_ token: [UInt8]) throws -> Int32 {
            guard let id = vocabulary.id(of: token, 0..<token.count) else {
                throw badTokenizer(
                    "\(file): the merges name \(String(decoding: token, as: UTF8.self).briefly), "
                        + "which the vocabulary does not have")
            }
            return id
        }
        let list = try pairs.enumerated().map { rank, pair in
            (
                left: try id(pair.left), right: try id(pair.right), rank: Int32(rank),
                id: try id(pair.left + pair.right)
            )
        }
        return MergeTable(list)
    }
}
