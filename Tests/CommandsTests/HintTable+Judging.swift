extension Hint {
    /// Of `train`'s keys that say how a run is judged, and of `use`.
    static let judging = [
        Hint(
            "write …=…, ours first",
            from: ready + "train steps=1 validate={D}/two.csv validate.map=zero",
            then: "train steps=1 validate={D}/two.csv validate.map=negative:0,positive:1"),
        Hint(
            "leave it out of …",
            from: ready + "train steps=1 validate={D}/two.csv validate.map=negative:0,positive:1,positive:2",
            then: "train steps=1 validate={D}/two.csv validate.map=negative:0,positive:1"),
        Hint(
            "leave … out of validate=",
            from: nano + "load toy train=32 test=16 validation=0\ntrain steps=1 validate=test,validation",
            then: "train steps=1 validate=test"),
        Hint(
            "write …=… (ours first; see which belongs to which), or leave … out of …=",
            from: ready + "train steps=1 validate={D}/two.csv",
            then: "train steps=1 validate={D}/two.csv {1}={2}\ntrain steps=1"),
        Hint(
            "name each set once", from: ready + "train steps=1 validate={D}/two.csv,{D}/./two.csv",
            then: "train steps=1 validate={D}/two.csv validate.map=negative:0,positive:1"),
        Hint(
            "write validate=NAME beside it, or leave it out",
            from: ready + "train steps=1 validate.map=negative:0",
            then: "train steps=1 validate={D}/two.csv validate.map=negative:0,positive:1\ntrain steps=1"),
        Hint(
            "write patience=3 beside it", from: ready + "train steps=1 min_delta=0.01",
            then: "train steps=1 min_delta=0.01 patience=3"),
        Hint(
            "load the data with validation=20%, or write validate=test beside it",
            from: nano + "load toy train=32 test=16 validation=0\ntrain steps=1 patience=2",
            then:
                "train steps=1 patience=2 validate=test\nload toy train=32 test=16 validation=20%\ntrain steps=1 patience=2"
        ),
        Hint(
            "load its data again, or write train, which begins a new run",
            from: ready + "lora\ntrain steps=1\nload path={D}/unnamed.csv text=text label=sort\nuse best",
            then: "train steps=1\nuse last"),
        Hint(
            "train keep=last holds those of the next better one; use last goes on with the last step's",
            from: ready + "lora\ntrain steps=1 keep=last_only\nuse best",
            then: "use last\ntrain steps=1 keep=last"
        ),
        Hint(
            "load the data with validation=20%, then write train",
            from: nano + "load toy train=32 test=16 validation=0\nlora\ntrain steps=1\nuse best",
            then: "load toy train=32 test=16 validation=20%\ntrain steps=1\nuse best"),
        Hint(
            "load the data with validation=20%, then write train",
            from: nano + "load toy train=32 test=16 validation=0\nlora\ntrain steps=1\nplot accuracy",
            then: "load toy train=32 test=16 validation=20%\ntrain steps=1\nplot accuracy"),
        Hint("write train before it", from: ready + "use best", then: "train steps=1\nuse best"),
    ]
}
