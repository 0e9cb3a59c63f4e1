import Datasets
import Learning
import Testing

@testable import Training

/// Passages before a text, as much of them as fits.
@Suite struct ContextEncoderTests {
    /// A token a word, the end of a text cut off at a length.
    private struct Words: Encoder {
        let maxLength: Int

        func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
            #expect(example.context == nil)
            let ids = example.text.split { $0.isWhitespace }.map { Int32($0.count) }
            return EncodedExample(
                [Row(ids: Array(ids.prefix(maxLength)), identity: 0)], cut: max(0, ids.count - maxLength))
        }
    }

    private func encoded(_ context: String?, _ text: String, room: Int) throws -> (ids: [Int32], cut: Int) {
        var example = Example(text: text, id: 0)
        example.context = context
        let found = try ContextEncoder(inner: Words(maxLength: room)).encode(example, nil)
        return (found.rows[0].ids, found.cut)
    }

    @Test func passagesStandBeforeTheTextAndLoseTheirEndFirst() throws {
        #expect(try encoded("a bb", "ccc dddd", room: 4).ids == [1, 2, 3, 4])
        for room in 2...5 {
            let found = try encoded("a bb eeeee", "ccc dddd", room: room)
            #expect(found.ids == [1, 2, 5].prefix(room - 2) + [3, 4])
            #expect(found.cut == 5 - room)
        }
    }

    @Test func aTextThatDoesNotFitByItselfIsCutWithoutPassages() throws {
        let found = try encoded("a bb", "ccc dddd eeeee", room: 2)
        #expect(found.ids == [3, 4] && found.cut == 3)
    }

    @Test func withoutPassagesAllIsAsItWas() throws {
        #expect(try encoded(nil, "ccc dddd", room: 9).ids == [3, 4])
    }
}
