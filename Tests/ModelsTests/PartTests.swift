import Learning
import Models
import Testing

@Suite struct PartTests {
    /// Every parameter of every family, with what a person who reads the paper would call its place.
    @Test(arguments: Golden.families)
    func everyParameterHasItsPart(family: String) throws {
        let model = try ModelLoader.load(path: Golden.folder(family))
        for parameter in model.store.parameters {
            let part = model.part(of: parameter.name)
            #expect(part < .head, "\(parameter.name)")
            if case .block(let index) = part {
                #expect(parameter.name.contains(".\(index)."), "\(parameter.name) is not of block \(index)")
            }
        }
        let blocks = Set(model.store.parameters.compactMap { model.blockIndex(of: $0.name) })
        #expect(blocks == Set(0..<model.config.blocks))
        #expect(model.part(of: "classifier.weight") == .head)
        #expect(model.part(of: "score") == .head)
    }

    @Test func aLayersPathAndItsTensorsAreOfOnePart() throws {
        let gpt2 = try ModelLoader.load(path: Golden.folder("gpt2"))
        for path in ["lm_head", "lm_head.weight"] { #expect(gpt2.part(of: path) == .languageHead) }
        for path in ["h.1.mlp.c_fc", "h.1.mlp.c_fc.weight", "h.1.mlp.c_fc.lora_A.weight"] {
            #expect(gpt2.part(of: path) == .block(1))
        }
        let bert = try ModelLoader.load(path: Golden.folder("bert"))
        #expect(bert.part(of: "pooler.dense.weight") == .pooler)
        #expect(bert.part(of: "cls.predictions.bias") == .languageHead)
    }

    @Test func partsAreOrderedFromTheBottomUp() {
        #expect([Part.embeddings, .block(0), .block(11), .finish, .pooler, .languageHead, .head].isSorted)
    }
}

extension Array where Element: Comparable {
    fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy(<) }
}
