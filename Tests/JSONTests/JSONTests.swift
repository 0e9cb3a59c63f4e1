import Diagnostics
import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-17", "9223372036854775807", "\"\"", "[]", "{}", "[1,[2,[3]],{}]",
        "{\"b\":1,\"a\":{\"z\":[],\"y\":null}}", "\"\\u0000\\n\\t\\\"\\\\\"", "\"żółw 🦜 e\u{301}\"",
    ])
    func whatIsReadIsWrittenTheSame(text: String) throws {
        #expect(try JSON(parsing: text).text() == text)
    }

    @Test(arguments: [
        0.1, 0.981, -1.5e-9, 1e300, .leastNonzeroMagnitude, 1.0 / 3, 123_456_789.125, -0.0, 0x1p60,
    ])
    func aNumberReadsBackAsItself(number: Double) throws {
        let text = JSON.number(number).text()
        #expect(try JSON(parsing: text).number == number)
        #expect(text.count <= 24)
    }

    @Test func aWholeNumberThatIsTooLargeIsTheNearestReal() throws {
        let json = try JSON(parsing: #"{"limit": 1000000000000000019884624838656, "count": 7, "half": 0.5}"#)
        #expect(json["limit"]?.number == 1e30)
        #expect(json["limit"]?.integer == nil)
        #expect(json["count"] == 7)
        #expect(json["half"] == 0.5)
        #expect(try JSON(parsing: "[-99999999999999999999]")[0]?.number == -1e20)
    }

    @Test func numbersAreWrittenWithoutNeedlessDigits() {
        #expect(JSON.number(0.981).text() == "0.981")
        #expect(JSON.number(.nan).text() == "null")
        #expect(JSON.array([.number(.infinity), 2]).text() == "[null,2]")
    }

    @Test func indentationIsThatOfNotebooks() {
        let value: JSON = ["cells": [["id": 1], []], "empty": [:]]
        #expect(
            value.text(indent: 1) == """
                {
                 "cells": [
                  {
                   "id": 1
                  },
                  []
                 ],
                 "empty": {}
                }
                """)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":}", "nul", "1 2", "{\"a\" 1}", "\"\\ud800\"", "\"open", "01", "[1e999]",
        "\u{1}", "{\"a\":1}}",
    ])
    func whatIsNoJSONIsADiagnostic(text: String) {
        #expect {
            _ = try JSON(parsing: text)
        } throws: { ($0 as? Diagnostic)?.code == "bad-json" }
    }

    @Test func theErrorSaysWhere() {
        #expect {
            _ = try JSON(parsing: "{\n  \"a\": 1,\n  \"b\": oops\n}")
        } throws: { "\($0)".contains("line 3") }
    }

    @Test func depthIsLimited() {
        #expect(throws: Diagnostic.self) { _ = try JSON(parsing: String(repeating: "[", count: 100_000)) }
        let deep = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
        #expect(throws: Never.self) { _ = try JSON(parsing: deep).text() }
    }

    @Test func badBytesAreADiagnostic() {
        #expect(throws: Diagnostic.self) { _ = try JSON(parsing: [0x22, 0xFF, 0x22] as [UInt8]) }
    }

    @Test func aSliceOfBytesIsParsedWithoutItsSurroundings() throws {
        let bytes = Array("xx[1]yy".utf8)
        #expect(try JSON(parsing: bytes[2..<5]) == [1])
    }

    @Test func keysKeepTheirOrderAndTheLastValueWins() throws {
        let object = try #require(try JSON(parsing: "{\"b\":1,\"a\":2,\"b\":3}").object)
        #expect(object.keys == ["b", "a"])
        #expect(object["b"] == 3)
    }

    @Test func removingAKeyForgetsItsPlace() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = nil
        #expect(object.keys == ["b"])
        object["a"] = 3
        #expect(object.keys == ["b", "a"])
        #expect(object.count == 2)
    }

    @Test func kindsAreToldApart() {
        #expect(JSON.integer(2).number == 2)
        #expect(JSON.number(2).integer == 2)
        #expect(JSON.number(2.5).integer == nil)
        #expect(JSON.number(1e300).integer == nil)
        #expect(JSON.string("2").integer == nil)
        #expect(JSON.null.isNull)
        let list: JSON = [1, 2]
        #expect(list[2] == nil)
        #expect(list["a"] == nil)
    }
}
