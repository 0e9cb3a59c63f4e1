import Diagnostics
import Testing

@testable import Language

/// Keys that belong to choices of another key.
@Suite struct ParameterOwnersTests {
    private static let rule = VerbParameter<String>(
        "rule", "how to go", .choice([Choice("walk", "slowly"), Choice("ride", "fast", aliases: ["horse"])]),
        default: "walk"
    ).also("way")

    private static func number(_ name: String, _ high: Double, _ usual: Double) -> ParameterDeclaration {
        ParameterDeclaration(name, "\(name) of a way", .number(.from(0, to: high)), default: .number(usual))
    }

    private static let command = CommandDeclaration(
        "go", group: Sample.work, summary: "goes",
        parameters: [rule.declaration]
            + ParameterDeclaration.merged(
                [
                    ("walk", [number("pace", 2, 1)]),
                    ("ride", [number("pace", 9, 5), number("saddle", 1, 0)]),
                ], by: "rule"),
        examples: [CommandExample("go rule=ride", "fast")])

    private let lexicon = Lexicon([command])
    private var binder: Binder { Binder(lexicon) { _, _ in [] } }

    private func invocation(_ source: String) throws -> Invocation {
        guard case .command(let invocation)? = lexicon.parse(source).statements.first?.kind else {
            throw Diagnostic("no-command", "\(source) is no command")
        }
        return invocation
    }

    private func problem(_ source: String, _ variables: Variables = Variables()) -> Diagnostic? {
        do { _ = try binder.bind(invocation(source), variables: variables) } catch {
            return error as? Diagnostic
        }
        return nil
    }

    @Test func aKeyIsReadAsTheChosenOneHasIt() throws {
        // The choice may stand after its keys, and by another name.
        let arguments = try binder.bind(invocation("go pace=7 way=horse"), variables: Variables())
        #expect(arguments.given("pace") == .number(7))
        #expect(arguments.given("saddle") == nil)
        #expect(problem("go pace=2") == nil)
        let tooFast = problem("go pace=7")
        #expect(
            tooFast?.code == "bad-value" && tooFast?.hint == "the default is 1",
            "\(String(describing: tooFast))")
    }

    @Test func aKeyOfAnotherIsRefusedWithTheNameOfWhoHasIt() throws {
        for line in ["go saddle=1", "go saddle=1 rule=walk"] {
            let refused = try #require(problem(line))
            #expect(refused.code == "key-of-another")
            #expect(refused.message == "walk has no saddle, which is a setting of ride")
            #expect(refused.hint == "leave saddle out, or write rule=ride")
            #expect(refused.span == SourceSpan(3, 11))
            #expect(throws: Diagnostic.self) { try binder.check(invocation(line)) }
        }
        #expect(problem("go saddle=1 rule=ride") == nil)
        try binder.check(invocation("go saddle=1 rule=ride"))
    }

    @Test func aChoiceInAVariableIsLookedAtWhenItIsKnown() throws {
        var variables = Variables()
        variables["way"] = .word("ride")
        try binder.check(invocation("go saddle=1 rule=$way"))
        #expect(problem("go saddle=1 rule=$way", variables) == nil)
        variables["way"] = .word("walk")
        #expect(problem("go saddle=1 rule=$way", variables)?.code == "key-of-another")
    }

    @Test func helpSaysWhoseAKeyIs() {
        let page = Help(lexicon).page(for: Self.command).plain
        #expect(
            page.contains(
                "pace of a way; number from 0 to 2, with rule=walk; number from 0 to 9, with rule=ride; "
                    + "default 1 with walk, 5 with ride"))
        #expect(page.contains("saddle of a way; number from 0 to 1, with rule=ride; default 0"))
    }

    @Test(arguments: [
        ("go ", ["rule=", "pace=", "saddle="]), ("go rule=walk ", ["pace="]),
        ("go way=horse ", ["pace=", "saddle="]), ("go rule=walk s", []), ("go rule=$x s", ["saddle="]),
    ])
    func completionOffersTheKeysOfTheChosenOne(line: String, keys: [String]) {
        let result = Completer(lexicon, variables: Variables()) { _, _ in [] }
            .complete(line, cursor: line.unicodeScalars.count)
        #expect(result.items.map(\.text) == keys)
        for item in result.items where item.text == "saddle=" {
            #expect(item.note.contains("with rule=ride"))
        }
    }

    @Test(arguments: [
        (NumberRange(low: 0, high: 1, excludesHigh: true), "from 0, below 1"),
        (.from(0, to: 1), "from 0 to 1"), (.above(0, to: 1), "above 0, at most 1"), (.above(0), "above 0"),
        (NumberRange(low: -.infinity, high: 1, excludesHigh: true), "below 1"), (.any, ""),
    ])
    func aRangeSaysWhatItHolds(range: NumberRange, text: String) {
        #expect(range.description == text)
        #expect(range.contains(1) == (range.high > 1 || !range.excludesHigh))
    }
}
