extension Hint {
    private static let writer = "model nano-llama\n"

    /// Of `generate`.
    static let generating = [
        Hint(
            "take a decoder such as smollm2", from: nano + "chat 'the soup was' prompt=chatml",
            then: writer + "chat 'the soup was' prompt=chatml max_tokens=2"),
        Hint(
            "write model smollm2 before it", from: "generate 'the soup was'",
            then: writer + "generate 'the soup was' max_tokens=2"),
        Hint(
            "leave it out of stop", from: writer + "generate 'the soup was' stop=''",
            then: "generate 'the soup was' max_tokens=2"),
        Hint(
            "take a shorter prompt",
            from: writer + "generate '\(Array(repeating: "soup", count: 3000).joined(separator: " "))'",
            then: "generate 'the soup was' max_tokens=2"),
        Hint(
            "write temperature=0.8 beside it, or leave seed out",
            from: writer + "generate 'the soup was' seed=3",
            then: "generate 'the soup was' seed=3 temperature=0.8 max_tokens=2"),
        Hint(
            "write temperature=0.8 beside n, or leave n out", from: writer + "generate 'the soup was' n=2",
            then:
                "generate 'the soup was' n=2 temperature=0.8 max_tokens=2\ngenerate 'the soup was' max_tokens=2"
        ),
        Hint(
            "write generate 'a beginning', or generate file=FILE", from: writer + "generate",
            then: "generate 'a beginning' max_tokens=2\ngenerate file={D}/plain.csv max_tokens=2"),
        Hint(
            "name a file that ends in …", from: writer + "generate 'the soup' to={D}/answers.txt",
            then:
                "generate 'the soup' max_tokens=2 to={D}/answers.csv\ngenerate 'the soup' max_tokens=2 to={D}/answers.jsonl"
        ),
        Hint(
            "write metrics=bleu beside it, or leave it out",
            from: writer + "load path={D}/two.csv answer=kind\nevaluate max_tokens=2",
            then: "evaluate metrics=bleu max_tokens=2\nevaluate"),
        Hint(
            "leave it out, or name the column with the texts in load: answer=COLUMN",
            from: writer + "load path={D}/two.csv\nevaluate metrics=bleu",
            then: "evaluate\nload path={D}/two.csv answer=kind\nevaluate metrics=bleu max_tokens=2"),
        Hint(
            "write chat 'a message'", from: writer + "chat",
            then: "chat 'a message' prompt=chatml max_tokens=2"),
        Hint(
            "write chat reset, which forgets what was said before",
            from: writer + "chat 'soup' prompt=chatml max_tokens=2\n"
                + "chat '\(Array(repeating: "soup", count: 3000).joined(separator: " "))' prompt=chatml",
            then: "chat reset\nchat 'soup' prompt=chatml max_tokens=2"),
        Hint(
            "write prompt=chatml, or chat for the model's own",
            from: writer
                + "chat 'a bird' prompt=alpaca max_tokens=2\nchat 'another' prompt=alpaca max_tokens=2",
            then: "chat 'another' prompt=chatml max_tokens=2"),
        Hint(
            "label=COLUMN in load names the column whose values are the classes",
            from: writer + "load path={D}/plain.csv label=none\nlabel",
            then: "load path={D}/two.csv label=kind\ndescribe"),
    ]
}
