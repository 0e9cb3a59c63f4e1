extension Hint {
    /// Of methods, and of rates and batches of theirs.
    static let methods = [
        Hint(
            "write f1+l1 for a prompt's first and last token, f3 or l3 for one end's three",
            from: ready + "reft positions=3", then: "reft positions=f1+l1\nreft positions=f3"),
        Hint(
            "leave it out, or write kind=noreft", from: ready + "reft add_bias=yes",
            then: "reft\nreft add_bias=yes kind=noreft"),
        Hint(
            "leave it out; params shows what is trained",
            from: ready + "lora\ntrain steps=1 lr.embeddings=1e-4",
            then: "train steps=1 lr.head=1e-3\nparams"),
        Hint(
            "leave warmup out; … says how long the rise is",
            from: ready + "train steps=4 schedule=one_cycle warmup=1",
            then: "train steps=4 schedule=one_cycle {1}0.5"),
        Hint(
            "write batch=…",
            from:
                "model nano head.norm=batch\nload toy train=32 test=16 validation=0\nhead\ntrain epochs=1 batch=31",
            then: "train epochs=1 batch={2}"),
    ]
}
