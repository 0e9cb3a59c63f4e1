import Testing

@testable import Training

@Suite struct JSONFieldsTests {
    private let references = [
        [#"{"brand": "Acme", "size": 2, "colours": ["red", "blue"]}"#],
        [#"{"brand": "Zenith", "size": null}"#, #"{"brand": "zenith", "size": null}"#],
        [#"{"brand": "Nova"}"#],
        [#"{"brand": "Orbit", "size": 1}"#],
    ]
    private let answers = [
        #" {"size": 2.0, "colours": ["red", "blue"], "brand": " Acme "} "#,
        #"{"brand": "zenith", "size": 3}"#,
        #"The brand is {"brand": "Nova"}"#,
        #"{"brand": "Orbit", "size": 1, "weight": 5}"#,
    ]

    private func score(_ name: String) throws -> Double {
        let metric = try #require(JSONFields.all(for: references).first { $0.name == name })
        return metric.score(answers, references: references)
    }

    @Test func whatIsNotAnObjectAltogetherIsNotValid() throws {
        #expect(try score("json_valid") == 0.75)
    }

    @Test func everyFieldAndNoOtherMustBeRight() throws {
        #expect(try score("json_all_fields") == 0.25)
    }

    @Test func fieldsAreSharesOfTheReferencesOwn() throws {
        #expect(try score("json_fields") == (1 + 0.5 + 0 + 1) / 4)
    }

    @Test func aFieldIsJudgedWhereTheReferenceHasIt() throws {
        #expect(try score("json_field.brand") == 0.75)
        #expect(abs(try score("json_field.size") - 2.0 / 3) < 1e-12)
        #expect(try score("json_field.colours") == 1)
        #expect(
            JSONFields.all(for: references).map(\.name).suffix(3) == [
                "json_field.brand", "json_field.colours", "json_field.size",
            ])
    }

    @Test func anotherOrderOrKindIsAnotherValue() {
        let all = JSONFields(.all)
        #expect(all.score(#"{"a": ["x", "y"]}"#, references: [#"{"a": ["y", "x"]}"#]) == 0)
        #expect(all.score(#"{"a": "2"}"#, references: [#"{"a": 2}"#]) == 0)
        #expect(all.score(#"{"a": {"c": 1, "b": 2}}"#, references: [#"{"a": {"b": 2, "c": 1}}"#]) == 1)
    }
}
