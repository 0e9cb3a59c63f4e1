import Diagnostics
import Testing

@testable import Language

/// What a completion says of itself, and whether what it writes is read as it was meant.
@Suite struct CompletionTests {
    private static let table = ValueSource.file(["csv"])
    private static let lexicon = Lexicon([
        CommandDeclaration(
            "read", group: Sample.work, summary: "reads files",
            parameters: [
                VerbParameter<String?>("file", "what to read", .path(table)).positional().declaration,
                VerbParameter<[String]?>("files", "several", listOf: .path(table)).declaration,
                VerbParameter<Bool>("quick", "in passing", default: true).declaration,
                VerbParameter<Double?>("limit", "when to stop", .above(0)).unit("seconds").otherwise("never")
                    .declaration,
                VerbParameter<String>(required: "to", "the folder to write", .path(.folder)).declaration,
            ], examples: [CommandExample("read a.csv", "one")])
    ])
    private static let names = [
        "plain.csv", "my file.csv", "it's.csv", "say \"so\".csv", "it's \"so\" $x.csv", "back\\slash.csv",
        "a=b,c.csv", "#1.csv", "(x) [y].csv", "narrow\u{202F}space.csv", "end;.csv", "zwölf 🦜.csv",
        "my folder/",
        "my folder/in it.csv", "data/a.csv", "data/b c.csv",
    ]

    private let variables = {
        var variables = Variables()
        variables["place"] = .word("data")
        variables["mine"] = .text("my folder")
        return variables
    }()

    private func complete(_ source: String, at cursor: Int? = nil) -> CompletionResult {
        Completer(Self.lexicon, variables: variables) { source, _ in
            source.isPath ? Self.names.map { Candidate($0, noun: $0.hasSuffix("/") ? "folder" : "file") } : []
        }
        .complete(source, cursor: cursor ?? source.unicodeScalars.count)
    }

    /// The cell with an item put where the completion says.
    private func taken(_ text: String, by result: CompletionResult, in source: String) -> String {
        var scalars = Array(source.unicodeScalars)
        scalars.replaceSubrange(result.span.start..<result.span.end, with: Array(text.unicodeScalars))
        return String(String.UnicodeScalarView(scalars))
    }

    private func file(of source: String) throws -> String? {
        let statement = try #require(Self.lexicon.parse(source).statements.first)
        if let problem = statement.firstProblem { throw problem }
        guard case .command(let invocation) = statement.kind, let value = invocation.arguments.last?.value
        else {
            return nil
        }
        let literal = try variables.fill(value)
        guard case .list(let items) = literal else { return literal.plain }
        return items.last?.plain
    }

    @Test(arguments: [
        "read ", "read file=", "read file='", "read file=\"", "read 'm", "read \"m", "read m", "read my\\ f",
        "read 'my folder/'", "read 'my folder/", "read my' '", "read files=plain.csv,",
        "read files=plain.csv,'m",
        "read file=$place/", "read file=${place}/b", "read \"$mine/", "read \"$mine/in", "read file=it",
        "read file=\"it's \\\"", "read files=(plain.csv 'my",
    ])
    func whatIsOfferedIsReadAsItIsMeant(source: String) throws {
        let result = complete(source)
        let items = result.items.filter { $0.kind == .value }
        #expect(!items.isEmpty)
        let list = source.contains("(") ? ")" : ""
        let read = try items.map { try file(of: taken($0.text, by: result, in: source) + list) }
        #expect(Set(read.compactMap(\.self)).isSubset(of: Self.names), "\(read)")
        #expect(Set(read).count == items.count)
    }

    @Test func namesThatNeedItAreQuoted() {
        #expect(complete("read my").items.map(\.text).prefix(1) == ["'my file.csv'"])
        #expect(complete("read pl").items.map(\.text) == ["plain.csv"])
        #expect(complete("read \"my f").items.map(\.text).prefix(1) == ["\"my file.csv\""])
        #expect(complete("read it").items.map(\.text).prefix(1) == ["\"it's.csv\""])
    }

    /// As an editor leaves it that closes quotations by itself.
    @Test func aMarkThatClosesTheQuotationIsReplaced() {
        let result = complete("read 'my f' quick=no", at: 10)
        #expect(result.span == SourceSpan(5, 11))
        #expect(
            taken("'my file.csv'", by: result, in: "read 'my f' quick=no") == "read 'my file.csv' quick=no")
        #expect(complete("read 'my f\"", at: 10).span == SourceSpan(5, 10))
    }

    @Test func whatNobodyKnowsIsNotCompleted() {
        #expect(complete("read file=$unset/").items.isEmpty)
        #expect(complete("read file=1..2").items.isEmpty)
    }

    @Test func anItemSaysWhatItIs() {
        let notes = Dictionary(uniqueKeysWithValues: complete("read ").items.map { ($0.text, $0.note) })
        #expect(notes["quick="] == "yes or no, default yes · in passing")
        #expect(notes["limit="] == "number (seconds), never · when to stop")
        #expect(notes["to="] == "path, required · the folder to write")
        #expect(notes["plain.csv"] == "file" && notes["'my folder/'"] == "folder")
        #expect(complete("re").items.map(\.note) == ["work · reads files"])
        let value = Completer(Sample.lexicon, variables: Variables(), candidates: Sample.candidates)
            .complete("lora optimizer=s", cursor: 16).items
        #expect(value.map(\.note) == ["choice · plain steps"])
    }
}
