import Diagnostics
import JSON
import Testing

@Suite struct ExactNumbersTests {
    @Test(arguments: [
        "12345678901234567890", "-99999999999999999999999", "0.1234567890123456789", "1e999", "-1e-999",
        "1000000000000000019884624838656", "123456789012345678.5", "1.5e-9223372036854775808",
        "1.5e99999999999999999999",
    ])
    func aNumberThatLosesDigitsBecomesItsText(number: String) throws {
        let row = try JSON(parsingData: "{\"a\": [\(number), \"x \(number)\"], \"b\":\(number)}")
        #expect(row["b"] == .string(number))
        #expect(row["a"] == [.string(number), .string("x \(number)")])
    }

    @Test(arguments: [
        ("9223372036854775807", JSON.integer(.max)), ("-9223372036854775808", .integer(.min)), ("0.1", 0.1),
        ("1e3", 1000.0), ("1E+2", 100.0), ("0.10000000000000000", 0.1),
        ("1234567890123456.0", 1234567890123456.0),
        ("1e22", 1e22), ("0e5", 0.0), ("-0.0", -0.0),
    ])
    func otherNumbersStayNumbers(text: String, value: JSON) throws {
        #expect(try JSON(parsingData: "[\(text)]")[0] == value)
    }

    @Test(arguments: [
        "{\"a\":1,\"a\":2}", "[1-2345678901234567890]", "[01234567890123456789]", "[1e]", "{", "\"\\", "[-]",
    ])
    func whatIsNoJSONIsStillRefused(text: String) {
        #expect(throws: Diagnostic.self) { try JSON(parsingData: text) }
    }
}
