extension Hint {
    private static let asked = "model nano-llama\nload toy train=32 test=16 prompt=plain\n"
    private static let written =
        "model nano-llama\nload path={D}/two.csv answer=kind prompt=plain\n"

    /// Of examples before a text, and of how classes' words are scored.
    static let shots = [
        Hint(
            "write shots=4 beside it, or leave it out", from: asked + "evaluate seed=3",
            then: "evaluate shots=4 seed=3\nevaluate"),
        Hint(
            "leave it out, or load the data with prompt=alpaca", from: ready + "evaluate scoring=mean",
            then: "evaluate\nmodel nano-llama\nload toy train=32 test=16 prompt=alpaca\nevaluate scoring=mean"
        ),
        Hint(
            "load the data with train=…, or leave shots out", from: asked + "evaluate on=train shots=2",
            then: "evaluate on=train\nload toy train=40 test=16 prompt=plain\nevaluate shots=2"),
        Hint(
            "write show prompt shots=4, or leave it out", from: asked + "show shots=4",
            then: "show prompt shots=4\nshow"),
    ]

    /// Of `judge`.
    static let answersJudged = [
        Hint(
            "write evaluate metrics=chrf as=tuned before it", from: written + "judge with=nano-llama",
            then: "evaluate metrics=chrf as=tuned max_tokens=2\njudge with=nano-llama prompt=plain"),
        Hint(
            "write evaluate metrics=chrf as=… before it",
            from: written + "evaluate metrics=bleu max_tokens=2 as=mine\nevaluate as=other\n"
                + "judge of=other with=nano-llama",
            then: "evaluate metrics=chrf as={1} max_tokens=2\njudge of={1} with=nano-llama prompt=plain"),
        Hint(
            "write of=NAME, or of=FIRST,SECOND",
            from: written
                + "evaluate metrics=bleu max_tokens=2 as=mine\njudge of=mine,more,most with=nano-llama",
            then: "judge of=mine with=nano-llama prompt=plain\nevaluate metrics=bleu max_tokens=3 as=more\n"
                + "judge of=mine,more with=nano-llama prompt=plain"),
        Hint(
            "write with=smollm2 beside it, or leave it out",
            from: written + "evaluate metrics=bleu max_tokens=2\njudge by=written command='sh -c true'",
            then: "judge by=written with=nano-llama prompt=plain"),
        Hint(
            "write command='python3 judge.py'",
            from: written + "evaluate metrics=bleu max_tokens=2\njudge command=''",
            then: "judge command='sh -c \"while read -r line; do echo 50; done\"'"),
        Hint(
            "write with=smollm2, or command='python3 judge.py'",
            from: written + "evaluate metrics=bleu max_tokens=2\njudge",
            then: "judge with=nano-llama prompt=plain"),
    ]
}
