import Diagnostics
import Testing

@testable import Language

@Suite struct BinderTests {
    @Test func valuesAreTypedAndDefaultsFilledIn() throws {
        let arguments = try Sample.bind("lora r=4 lora_alpha=2k dropout=5% target_modules=(q v) bias=on")
        #expect(arguments[Sample.rank] == 4)
        #expect(arguments[Sample.alpha] == 2000)
        #expect(arguments[Sample.dropout] == 0.05)
        #expect(arguments[Sample.targets] == ["q", "v"])
        #expect(arguments[Sample.quiet])
        #expect(arguments[Sample.optimizer] == "adamw")
        #expect(arguments.isGiven(Sample.rank))
        #expect(!arguments.isGiven(Sample.optimizer))
    }

    @Test func autoMeansNotGiven() throws {
        #expect(try Sample.bind("lora targets=auto")[Sample.targets] == nil)
        #expect(try Sample.bind("lora targets=q_proj")[Sample.targets] == ["q_proj"])
    }

    @Test func choiceAliasesGiveTheirName() throws {
        #expect(try Sample.bind("lora optimizer=vanilla")[Sample.optimizer] == "sgd")
    }

    @Test func positionalValuesGoByOrder() throws {
        #expect(try Sample.bind("load toy")[Sample.name] == "toy")
        #expect(try Sample.bind("load name=toy")[Sample.name] == "toy")
        #expect(try Sample.bind("say a b, c 'd e'")[Sample.words] == ["a", "b", "c", "d e"])
        #expect(try Sample.bind("print words=(a b)")[Sample.words] == ["a", "b"])
        #expect(try Sample.bind("say")[Sample.words] == [])
    }

    @Test(arguments: [
        ("tell I don't know, (really)!", ["I don't know, (really)!"]),
        ("tell a  b 'c  d' e f", ["a b", "c  d", "e f"]),
        ("tell hello, $name and more", ["hello, Ada and more"]), ("tell 'it'\"'\"'s'", ["it's"]),
    ])
    func proseNeedsNoQuotes(line: String, texts: [String]) throws {
        var variables = Variables()
        variables["name"] = .text("Ada")
        let told = try Sample.bind(line, variables: variables)[Sample.sentences]
        // A quoted value, also from a variable, is a text of its own only when nothing adjoins it.
        #expect(told == texts)
    }

    @Test func variablesAreFilledIn() throws {
        var variables = Variables()
        variables["rank"] = .word("4")
        variables["list"] = .list([.word("q"), .word("v")])
        let arguments = try Sample.bind("lora r=$rank targets=$list", variables: variables)
        #expect(arguments[Sample.rank] == 4)
        #expect(arguments[Sample.targets] == ["q", "v"])
        let said = try Sample.bind("say r${rank}x \"$rank of $list\" '$rank'", variables: variables)
        #expect(said[Sample.words] == ["r4x", "4 of q,v", "$rank"])
        #expect(Sample.problem("lora r=$rnak", variables: variables)?.hint == "did you mean $rank?")
    }

    @Test(arguments: [
        ("laod toy", "unknown-verb", "load"), ("lora rak=3", "unknown-key", "rank"),
        ("lora r=0", "bad-value", "8"), ("lora r=2.5", "bad-value", "8"), ("lora r=eight", "bad-value", "8"),
        ("lora dropout=1.5", "bad-value", "0"), ("lora optimizer=adam", "bad-value", "adamw"),
        ("lora bias=maybe", "bad-value", "no"), ("load tyo", "unknown-data-set", "toy"),
        ("load toy text=boddy", "unknown-column", "body"), ("load", "missing-value", "load toy"),
        ("load toy extra", "unexpected-value", "key"), ("lora bias", "unexpected-value", "bias=yes"),
        ("lora r=1 rank=2", "given-twice", "keep"), ("lora r=", "no-value", "equals"),
        ("lora r=(1 2)", "bad-value", "8"), ("lora r=[4, 8]", "alternatives-outside-block", "such as 4"),
        ("lora r=1..8", "alternatives-outside-block", "one value"),
        ("say $nothing", "unknown-variable", "nothing="),
    ])
    func mistakesSayWhatToTry(source: String, code: String, hint: String) throws {
        let problem = try #require(Sample.problem(source))
        #expect(problem.code == code)
        #expect(problem.hint?.contains(hint) == true, "\(problem)")
        #expect(problem.span != nil)
    }

    @Test func checkingNeedsNoVariables() throws {
        guard case .command(let good)? = Sample.lexicon.parse("lora r=$later").statements.first?.kind,
            case .command(let bad)? = Sample.lexicon.parse("lora rr=$later").statements.first?.kind
        else {
            Issue.record("not read")
            return
        }
        try Sample.binder.check(good)
        #expect(throws: Diagnostic.self) { try Sample.binder.check(bad) }
    }

    @Test(arguments: [
        ("16", 16), ("1e-5", 1e-5), ("5%", 0.05), ("2k", 2000), ("1.5M", 1.5e6), ("8GB", 8e9), ("-3", -3),
        ("1_000", 1000), (".5", 0.5),
    ])
    func numbersAreReadAsPeopleWriteThem(text: String, number: Double) {
        #expect(parsedNumber(text) == number)
    }

    @Test(arguments: ["", "e5", "0x10", "nan", "inf", "1e999", "two", "-", "1..2", "٣"])
    func otherWordsAreNoNumbers(text: String) {
        #expect(parsedNumber(text) == nil)
    }

    @Test(arguments: [
        (0.0005, "5e-4"), (1e-5, "1e-5"), (0.05, "0.05"), (3, "3"), (0.00025, "2.5e-4"), (1.5e-7, "1.5e-7"),
        (-0.5, "-0.5"), (2e20, "2e20"),
    ])
    func numbersAreWrittenShortly(number: Double, text: String) {
        #expect(formatted(number) == text)
        #expect(parsedNumber(text) == number)
    }
}
