import Testing
import Tokenizers

@testable import Training

/// Text appears as it comes: whole characters, and nothing of a stop string.
@Suite struct TextStreamTests {
    private static let tokenizer = NanoTokenizer(isEncoder: false)

    /// What is handed out, token by token, and at the end.
    private static func pieces(
        _ text: String, after prompt: String = "the", stops: [String] = []
    ) -> (pieces: [String], stream: TextStream) {
        var stream = TextStream(
            after: tokenizer.encode(prompt), tokenizer: tokenizer, stops: stops)
        var pieces: [String] = []
        for token in tokenizer.encode(text) where !stream.isStopped { pieces.append(stream.add(token)) }
        pieces.append(stream.finish())
        return (pieces, stream)
    }

    @Test func whatComesIsTheText() {
        let (pieces, stream) = Self.pieces("good soup was warm")
        #expect(pieces.joined() == " good soup was warm" && stream.text == pieces.joined())
        #expect(pieces.first == " good" && !stream.isStopped)
    }

    /// Bytes of a character come one by one.
    @Test(arguments: ["é", "日本", "👍🏽", "naïve café"]) func halfACharacterWaits(text: String) {
        let (pieces, _) = Self.pieces(text)
        #expect(pieces.joined() == " " + text)
        #expect(pieces.allSatisfy { !$0.contains("\u{FFFD}") })
        #expect(pieces.contains(""))
    }

    @Test func whatNeverBecomesACharacterIsShownInTheEnd() {
        var stream = TextStream(after: [], tokenizer: Self.tokenizer)
        let shown = [stream.add(5 + 65), stream.add(5 + 0xE2), stream.finish()]
        #expect(shown == ["A", "", "\u{FFFD}"])
        var long = TextStream(after: [], tokenizer: Self.tokenizer)
        let held = (0..<40).map { _ in long.add(5 + 0xFF) }
        #expect(!held.joined().isEmpty, "bytes that are no text hold nothing up for ever")
    }

    @Test(
        arguments: [
            ("warm bread and market", ["and"], " warm bread "),
            ("warm bread and market", ["d and m"], " warm brea"),
            ("warm bread and market", ["market", "bread"], " warm "),
            ("xyz stop", ["yz"], " x"), ("aab", ["ab"], " a"), ("warm bread", ["no such"], " warm bread"),
            ("warm br", ["bread"], " warm br"),
        ])
    func aTextEndsBeforeAStopString(text: String, stops: [String], wanted: String) {
        let (pieces, stream) = Self.pieces(text, stops: stops)
        #expect(pieces.joined() == wanted && stream.text == wanted)
        #expect(stream.isStopped == (wanted != " " + text))
    }

    /// What a stop string may begin with is held back until it is known.
    @Test func nothingOfAStopStringIsShown() {
        var stream = TextStream(after: [], tokenizer: Self.tokenizer, stops: ["abc"])
        let shown = "xabxab".utf8.map { stream.add(5 + Int32($0)) }
        #expect(shown == ["x", "", "", "abx", "", ""])
        let rest = stream.finish()
        #expect(rest == "ab" && stream.text == "xabxab")
    }

    /// A stop string in the prompt's last words ends nothing.
    @Test func thePromptIsNotSearched() {
        let (pieces, stream) = Self.pieces("good soup", after: "the end", stops: ["end"])
        #expect(pieces.joined() == " good soup" && !stream.isStopped)
    }
}
