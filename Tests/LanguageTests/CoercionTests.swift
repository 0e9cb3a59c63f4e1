import Diagnostics
import Testing

@testable import Language

@Suite struct CoercionTests {
    private static let warmup = VerbParameter<Portion>(
        "warmup", "steps of rise", default: .count(0), shares: ["warmup_ratio"]
    ).also("warmup_steps").declaration
    private static let train = VerbParameter<Portion?>("train", "how many", allowsNone: false).declaration
    private static let seed = VerbParameter<Int?>("seed", "where to begin", 0...Int.max)
        .otherwise("the session's seed").declaration
    private static let memory = VerbParameter<Int?>(bytes: "memory", "how much").declaration
    private static let rate = VerbParameter<Double?>("lr", "rate", .above(0, to: 10)).automatic(
        "by the method"
    )
    .declaration
    private static let clip = VerbParameter<Double>("clip", "largest norm", .from(0), default: 1).declaration
    private static let share = VerbParameter<Double>("dropout", "left out", .from(0, to: 0.9), default: 0)
        .declaration
    private static let modules = VerbParameter<[String]?>(
        "targets", "which", listOf: .name(ValueSource("module"), isOpen: true)
    ).declaration
    private static let note = VerbParameter<String?>("note", "words", .text).otherwise("none").declaration

    private func coerce(
        _ text: String, _ parameter: ParameterDeclaration, key: String? = nil
    ) throws -> Value {
        let coercion = Coercion(
            parameter: parameter, key: key, span: SourceSpan(0, 1), candidates: Sample.candidates)
        return try coercion.value(of: .word(text))
    }

    @Test(arguments: [
        ("500", Portion.count(500)), ("1", .count(1)), ("2k", .count(2000)), ("0", .count(0)),
        ("1e3", .count(1000)),
        ("50%", .share(0.5)), ("100%", .share(1)), ("0.5%", .share(0.005)), ("0%", .share(0)),
        ("0.1", .share(0.1)),
        ("1_000", .count(1000)),
    ])
    func aCountStaysACountAndAShareAShare(text: String, portion: Portion) throws {
        #expect(try coerce(text, Self.warmup) == .portion(portion))
    }

    @Test(arguments: [
        "1.0", "1.5", "101%", "-1", "-5%", "8GB", "1e30", "1e-400", "1e-60", "nan", "inf", "many", "", "2,3",
    ])
    func whatIsNeitherIsRefused(text: String) {
        #expect(throws: Diagnostic.self) { try coerce(text, Self.warmup) }
    }

    @Test func aRatioIsAShareUpToOne() throws {
        #expect(try coerce("1", Self.warmup, key: "warmup_ratio") == .portion(.share(1)))
        #expect(try coerce("0.06", Self.warmup, key: "warmup_ratio") == .portion(.share(0.06)))
        #expect(try coerce("1", Self.warmup, key: "warmup_steps") == .portion(.count(1)))
        #expect(throws: Diagnostic.self) { try coerce("5", Self.warmup, key: "warmup_ratio") }
    }

    @Test(arguments: ["0", "0%", "0.0"])
    func nothingIsNoPartToLearnFrom(text: String) {
        #expect(throws: Diagnostic.self) { try coerce(text, Self.train) }
    }

    @Test(arguments: [
        (seed, "8GB"), (seed, "100%"), (seed, "1e30"), (seed, "1.5"), (seed, "-1"), (seed, "auto"),
        (seed, "5B"),
        (memory, "5%"), (memory, "0"), (memory, "-8GB"), (memory, "1e30"), (memory, "0.5"), (memory, "auto"),
        (rate, "5%"), (rate, "1GB"), (rate, "0"), (rate, "1e30"), (rate, "nan"),
        (rate, "1e-400"),
        (clip, "10%"), (share, "0.1k"), (share, "100%"), (share, "inf"),
        (modules, "q,q"), (note, "auto"),
    ])
    func nonsenseIsRefused(parameter: ParameterDeclaration, text: String) {
        #expect(throws: Diagnostic.self) {
            let items = text.split(separator: ",").map { Literal.word(String($0)) }
            let literal = items.count > 1 ? Literal.list(items) : .word(text)
            return try Coercion(
                parameter: parameter, key: nil, span: SourceSpan(0, 1), candidates: Sample.candidates
            ).value(of: literal)
        }
    }

    @Test func whatBelongsIsKept() throws {
        #expect(try coerce("9007199254740993", Self.seed) == .integer(9_007_199_254_740_993))
        #expect(try coerce("9223372036854775807", Self.seed) == .integer(.max))
        #expect(try coerce("2k", Self.seed) == .integer(2000))
        #expect(try coerce("8GB", Self.memory) == .integer(8_000_000_000))
        #expect(try coerce("1.5k", Self.memory) == .integer(1500))
        #expect(try coerce("1e30", Self.clip) == .number(1e30))
        #expect(try coerce("5%", Self.share) == .number(0.05))
        #expect(try coerce("0", Self.share) == .number(0))
    }

    @Test func aQuotedAutoIsAText() throws {
        let coercion = Coercion(
            parameter: Self.note, key: nil, span: SourceSpan(0, 1), candidates: Sample.candidates)
        #expect(try coercion.value(of: .text("auto")) == .text("auto"))
    }
}
