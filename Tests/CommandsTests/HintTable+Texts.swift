extension Hint {
    private static let writer = "model nano-llama\n"

    /// Of data whose answers are texts.
    static let texts = [
        Hint(
            "leave on= out", from: writer + "perplexity on=test path={D}/story.txt",
            then: "perplexity path={D}/story.txt"),
        Hint(
            "write evaluate, or label=none in load for the texts themselves",
            from: writer + "load toy train=32 test=16\nperplexity",
            then: "evaluate\nload path={D}/two.csv text=text label=none\nperplexity"),
        Hint(
            "write stride=… or less", from: writer + "perplexity path={D}/story.txt stride=64 max_length=32",
            then: "perplexity path={D}/story.txt stride={1} max_length=32"),
        Hint(
            "write load path=… label=none before it, and leave path= out",
            from: writer + "perplexity path={D}/plain.csv", then: "load path={1} label=none\nperplexity"),
        Hint(
            "write train, or load data with chosen and rejected answers",
            from: writer + "load toy train=32 test=16\nlora\ndpo",
            then: "train steps=1\nload path={D}/pairs.jsonl\ndpo steps=1"),
        Hint(
            "write dpo, or load them with answer=chosen to learn those alone",
            from: writer + "load path={D}/pairs.jsonl\nlora\ntrain",
            then: "dpo steps=1\nload path={D}/pairs.jsonl answer=chosen\ntrain steps=1"),
        Hint(
            "check the file, or name other columns: text= and answer=",
            from: "load path={D}/empty-labels.csv answer=label",
            then: "load path={D}/empty-labels.csv text=text answer=kind"),
        Hint(
            "write one of them", from: "load path={D}/two.csv label=label answer=kind",
            then: "load path={D}/two.csv label=label"),
        Hint(
            "load data with value=COLUMN, or attach a new adapter with lora",
            from:
                "model nano\nload path={D}/unique.csv value=number\nlora r=2\ntrain steps=1\nsave {D}/number\n"
                + "load toy train=32 test=16\nopen {D}/number",
            then: "lora\ntrain steps=1\nload path={D}/unique.csv value=number\nopen {D}/number"),
        Hint(
            "name a file of sentence pairs, or its columns: text= and pair=",
            from: "load snli path={D}/two.csv",
            then: "load snli path={D}/pairs.csv text=text pair=second"),
        Hint(
            "say answer=COLUMN beside it", from: "load path={D}/two.csv rejected=kind",
            then: "load path={D}/two.csv rejected=kind answer=label"),
        Hint(
            "name a file of preference pairs, or its columns: answer= and rejected=",
            from: "load preferences path={D}/two.csv",
            then:
                "load preferences path={D}/pairs.jsonl\nload preferences path={D}/two.csv answer=label rejected=kind"
        ),
        Hint(
            "write prompt=chatml, or the template that it was trained with",
            from: writer + "load path={D}/chat.jsonl\ntrain",
            then: "load path={D}/chat.jsonl prompt=chatml\ntrain steps=1"),
        Hint(
            "write prompt=chatml in load, or chat for the model's own",
            from: writer + "load path={D}/chat.jsonl prompt=alpaca\ntrain",
            then: "load path={D}/chat.jsonl prompt=chatml\ntrain steps=1"),
        Hint(
            "write prompt='{instruction} {input} Answer: {response}', say", from: "load toy prompt='{input}'",
            then: "load toy prompt='{instruction} {input} Answer: {response}'"),
        Hint(
            "take a decoder such as smollm2", from: nano + "load path={D}/two.csv answer=kind\ntrain",
            then: writer + "train steps=1"),
        Hint(
            "leave it out for the loss", from: writer + "load path={D}/plain.csv\ntrain by=accuracy",
            then: "train steps=1\ntrain steps=1 by=perplexity"),
        Hint(
            "write show top_losses, or evaluate metrics=exact_match before it, or another figure",
            from: writer + "load path={D}/plain.csv\nevaluate\nshow wrong",
            then:
                "show top_losses\nload path={D}/requests.jsonl\nevaluate metrics=exact_match max_tokens=2\nshow wrong"
        ),
        Hint(
            "write load hh_rlhf path=FILE before it, or load a file with columns chosen and rejected",
            from: writer + "lora\ndpo",
            then: "load hh_rlhf path={D}/pairs.jsonl\ndpo steps=1\nload path={D}/pairs.jsonl\ndpo steps=1"),
        Hint(
            "write load FILE label=none before it, or perplexity path=FILE for one text",
            from: writer + "perplexity",
            then: "load path={D}/two.csv text=text label=none\nperplexity\nperplexity path={D}/story.txt"),
    ]
}
