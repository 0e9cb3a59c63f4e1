extension Hint {
    /// Of `baseline`, `compare` and `evaluate of=`.
    static let comparing = [
        Hint(
            "load more of them with train=", from: "load toy train=1 test=16 validation=0\nbaseline",
            then: "load toy train=32 test=16\nbaseline"),
        Hint(
            "load data with classes, such as load toy", from: "load path={D}/plain.csv\nbaseline",
            then: "load toy train=32 test=16\nbaseline"),
        Hint(
            "write compare base run-1, after evaluate of=base,run-1",
            from: ready + "lora\ntrain steps=1\ncompare base",
            then: "evaluate of=base,run-1\ncompare base run-1"),
        Hint(
            "write evaluate of=… before it", from: ready + "lora\ntrain steps=1\ncompare base run-1",
            then: "evaluate of={1}\nevaluate of=run-1\ncompare base run-1"),
        Hint(
            "write data=NAME beside it, or leave it out", from: ready + "evaluate map=negative:0",
            then: "evaluate data={D}/two.csv map=negative:0,positive:1\nevaluate"),
        Hint("leave as= out", from: ready + "evaluate of=base as=mine", then: "evaluate of=base"),
    ]
}
