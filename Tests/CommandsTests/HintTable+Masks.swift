extension Hint {
    private static let filling = "model nano\nload path={D}/plain.csv\n"

    /// Of encoders that fill masks in.
    static let masks = [
        Hint(
            "load the data again without mask, or take an encoder such as minilm",
            from: "model nano-llama\nload path={D}/plain.csv mask=0.2\ntrain steps=1",
            then:
                "load path={D}/plain.csv\ntrain steps=1\nload path={D}/plain.csv mask=0.2\nmodel nano\ntrain steps=1"
        ),
        Hint(
            "write generate 'a beginning' for what a model writes",
            from: "model nano-llama\nload path={D}/plain.csv\npredict 'the soup'",
            then: "generate 'a beginning' max_tokens=2"),
        Hint(
            "write … where a word is to be found", from: filling + "predict 'the good film'",
            then: "predict 'the good {1}'"),
        Hint(
            "take a shorter one",
            from: filling
                + "predict '[MASK] \(Array(repeating: "soup", count: 3000).joined(separator: " "))'",
            then: "predict '[MASK] soup'"),
        Hint(
            "leave it out, and write texts with [MASK] in quotes",
            from: filling + "predict 'the [MASK] film' pair='another'", then: "predict 'the [MASK] film'"),
        Hint(
            "write predict 'the [MASK] was lovely'", from: filling + "predict",
            then: "predict 'the [MASK] was lovely'"),
        Hint(
            "write mask_replace=0.8 mask_random=0.1",
            from: "load path={D}/plain.csv mask_replace=0.8 mask_random=0.5",
            then: "load path={D}/plain.csv mask_replace=0.8 mask_random=0.1"),
        Hint(
            "write label=none beside it, or leave it out", from: "load toy mask=0.2",
            then: "load toy mask=0.2 label=none\nload toy"),
    ]
}
