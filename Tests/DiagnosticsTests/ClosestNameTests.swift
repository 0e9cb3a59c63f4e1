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

    private let keys = [
        "r", "lr", "max_steps", "use_rslora", "epochs", "max_length", "warmup_steps", "weight_decay",
        "batch_size",
        "lora_alpha", "learning_rate", "target_modules", "num_train_epochs",
    ]

    @Test(arguments: [
        "eval_steps", "save_steps", "use_dora", "use_gguf", "k", "lb", "lora_bias", "min_length", "max_grad",
        "eval_batch_size", "train_modules", "target_parameters",
    ])
    func aKeyOfAnotherMeaningIsNotSuggested(typed: String) {
        #expect(closestName(to: typed, among: keys) == nil)
    }

    @Test(arguments: [
        ("max_step", "max_steps"), ("maxsteps", "max_steps"), ("use_rs_lora", "use_rslora"),
        ("epoch", "epochs"),
        ("wieght_decay", "weight_decay"), ("learning_rat", "learning_rate"), ("lora_aplha", "lora_alpha"),
        ("traget_modules", "target_modules"), ("batchsize", "batch_size"), ("warmup_setps", "warmup_steps"),
        ("epocs", "epochs"), ("num_train_epoch", "num_train_epochs"),
    ])
    func aSlipInAKeyFindsIt(typed: String, meant: String) {
        #expect(closestName(to: typed, among: keys) == meant)
    }

    @Test func aLongTextIsNoSlip() {
        let text = String(repeating: "a", count: 1_000_000)
        #expect(closestName(to: text, among: [text + "b"]) == nil)
    }

    @Test func nothingIsFoundAmongNothing() {
        #expect(closestName(to: "train", among: [String]()) == nil)
    }

    @Test func theFirstOfEquallyNearNamesWins() {
        #expect(closestName(to: "lxad", among: ["load", "lead"]) == "load")
    }
}
