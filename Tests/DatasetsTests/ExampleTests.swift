import Datasets
import Testing

@Suite struct ExampleTests {
    @Test func equalTextsHaveOneHashWhateverTheirClassAndRow() {
        let one = Example(text: "a text", label: 0, fields: ["x": "y"], id: 1)
        #expect(one.contentHash == Example(text: "a text", label: 1, id: 2).contentHash)
        #expect(one.contentHash != Example(text: "a text", pair: "", id: 1).contentHash)
        #expect(one.contentHash == Example(text: " a text\n", id: 1).contentHash)
        #expect(
            Example(text: "a", pair: "b", id: 1).contentHash
                != Example(text: "b", pair: "a", id: 1).contentHash)
        #expect(Example(text: "lorikeet", id: 1).contentHash == 0xBDF1_32AB_6AD3_3120)
    }
}
