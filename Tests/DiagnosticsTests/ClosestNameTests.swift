import Diagnostics
import Testing

@Suite struct ClosestNameTests {
    private let verbs = ["load", "lora", "train", "evaluate", "plot", "params"]

    @Test(arguments: [
        ("tarin", "train"), ("lod", "load"), ("evalute", "evaluate"), ("TRAIN", "train"),
        ("eval", "evaluate"),
        ("plto", "plot"),
    ])
    func aSlipFindsItsName(typed: String, meant: String) {
        #expect(closestName(to: typed, among: verbs) == meant)
    }

    @Test(arguments: ["", "x", "zzzzzz", "quantise"])
    func whatIsFarFromEverythingFindsNothing(typed: String) {
        #expect(closestName(to: typed, among: verbs) == nil)
    }

    @Test func nothingIsFoundAmongNothing() {
        #expect(closestName(to: "train", among: [String]()) == nil)
    }

    @Test func theFirstOfEquallyNearNamesWins() {
        #expect(closestName(to: "lxad", among: ["load", "lead"]) == "load")
    }
}
