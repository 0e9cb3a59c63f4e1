import Foundation
import Testing

@testable import Commands

/// Every piece of advice that stands in the sources, followed.
@Suite struct HintTests {
    @Test func everyHintIsInTheTable() throws {
        let written = try SourceHints.all()
        let known = Set((Hint.followed.map(\.text) + Hint.outside.keys))
        for (file, hint) in written where !known.contains(hint) {
            Issue.record("\(file) advises \"\(hint)\": put it into HintTable.swift, and what follows it")
        }
        let there = Set(written.map(\.hint))
        for hint in known where !there.contains(hint) { Issue.record("no source says \"\(hint)\" any more") }
    }

    /// The hint as it was filled in, where it was filled in.
    private func parts(of hint: String, as pattern: String) -> [String]? {
        let escaped = pattern.components(separatedBy: "…").map(NSRegularExpression.escapedPattern)
        guard
            let expression = try? NSRegularExpression(
                pattern: escaped.joined(separator: "(.*?)") + "(.*)$"),
            let match = expression.firstMatch(in: hint, range: NSRange(hint.startIndex..., in: hint))
        else { return nil }
        return (1..<max(1, match.numberOfRanges)).map { index in
            Range(match.range(at: index), in: hint).map { String(hint[$0]) } ?? ""
        }
    }

    @Test(arguments: Hint.followed)
    func aHintLeadsOn(_ hint: Hint) throws {
        let scratch = try HintFiles()
        defer { scratch.remove() }
        let bench = Bench(commands: hint.needsBlock ? TestRegistry.commands : CommandRegistry.commands)
        let place = scratch.path
        let problem = try #require(
            bench.problem("set times=off workers=2\n" + hint.from.replacing("{D}", with: place)),
            "it went through")
        let said = try #require(problem.hint, "\(problem.message) has no hint")
        let filled = try #require(parts(of: said, as: hint.text), "\(problem)")
        var next = hint.then.replacing("{D}", with: place)
        for (index, part) in filled.enumerated() { next = next.replacing("{\(index + 1)}", with: part) }
        let after = bench.problem(next)
        #expect(after == nil, "after \(said)\n\(next)")
    }
}

/// Files to go wrong with.
struct HintFiles {
    let path = NSTemporaryDirectory() + "lorikeet-hints-\(UInt64.random(in: 0 ... .max))"

    init() throws {
        let texts = (0..<24).map { "the \($0 % 2 == 0 ? "good" : "bad") film number \($0)" }
        func table(_ name: String, _ head: String, _ row: (Int, String) -> String) throws {
            try write(name, ([head] + texts.enumerated().map(row)).joined(separator: "\n") + "\n")
        }
        try table("two.csv", "text,label,kind") { "\($1),\($0 % 2),\($0 % 2 == 0 ? "a" : "b")" }
        try table("one.csv", "text,label,kind") { "\($1),same,\($0 % 2 == 0 ? "a" : "b")" }
        try table("plain.csv", "text") { _, text in text }
        try table("unique.csv", "text,number") { "\($1),\($0 * 17)" }
        try write("story.txt", texts.joined(separator: " "))
        func lines(_ name: String, _ row: (Int, String) -> String) throws {
            try write(name, texts.enumerated().map(row).joined(separator: "\n") + "\n")
        }
        try lines("pairs.jsonl") { #"{"prompt":"\#($1)","chosen":"yes \#($0)","rejected":"no"}"# }
        try lines("requests.jsonl") { #"{"instruction":"\#($1)","input":"","output":"so \#($0)"}"# }
        try lines("chat.jsonl") {
            #"{"messages":[{"role":"user","content":"\#($1)"},{"role":"assistant","content":"so \#($0)"}]}"#
        }
        try table("unnamed.csv", "text,sort,kind") { "\($1),\($0 % 3),\($0 % 2)" }
        try table("pairs.csv", "text,second,label") { "\($1),and \($0) more,\($0 % 2)" }
        try table("empty-labels.csv", "text,label,kind") { "\($1),,\($0 % 2)" }
        try table("odd.csv", "a,b,c") { index, _ in "x\(index),\(index % 2),y\(index)" }
        try table("several/one.csv", "text,label") { "\($1),\($0 % 2)" }
        try table("several/two.csv", "text,label") { "\($1),\($0 % 2)" }
        try write("nothing.csv", "")
        try write("blank.txt", " \n\n \n")
        try Data(
            Array("text,label\n".utf8)
                + (0..<24).flatMap { Array("caf".utf8) + [0xE9, 0x2C, 0x30 + $0 % 2, 0x0A] }
        )
        .write(to: URL(fileURLWithPath: path + "/latin.csv"))
        try Data(
            Array("text,label\n".utf8)
                + (0..<24).flatMap { [0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x41 + $0, 0x2C, 0x30 + $0 % 2, 0x0A] }
        )
        .write(to: URL(fileURLWithPath: path + "/unknown.csv"))
        try write("nul.csv", "text,label\na\u{0}b,1\n")
        try write(
            "many.csv",
            (["text,label,kind"] + (0..<1200).map { "text of \($0) words,c\($0),\($0 % 2)" }).joined(
                separator: "\n"))
        try FileManager.default.createSymbolicLink(
            atPath: path + "/loop.csv", withDestinationPath: path + "/loop.csv")
        try FileManager.default.createSymbolicLink(
            atPath: path + "/gone.csv", withDestinationPath: path + "/nowhere.csv")
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
