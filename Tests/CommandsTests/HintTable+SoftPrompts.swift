extension Hint {
    private static let decoder = "model nano-llama\nload toy train=32 test=16\n"

    /// What prompt and prefix tuning advise.
    static let softPrompts = [
        Hint("tokens=… or less", from: ready + "prompt_tuning tokens=9999", then: "prompt_tuning tokens={1}"),
        Hint("tokens=… or less", from: ready + "prefix_tuning tokens=9999", then: "prefix_tuning tokens={1}"),
        Hint(
            "write text='Is this good or bad?' beside it, or what else is asked",
            from: ready + "prompt_tuning init=text",
            then: "prompt_tuning init=text text='Is this good or bad?'"),
        Hint(
            "leave init= out, or write init=text",
            from: ready + "prompt_tuning init=vocab text='Is it good?'",
            then: "prompt_tuning text='Is it good?'\nprompt_tuning init=text text='Is it good?'"),
        Hint(
            "leave text= out, or write what is asked, as text='Is this good or bad?'",
            from: ready + "prefix_tuning text=''",
            then: "prefix_tuning\nprefix_tuning text='Is this good or bad?'"),
        Hint("write at=start", from: decoder + "prompt_tuning at=after_cls", then: "prompt_tuning at=start"),
        Hint(
            "write projection=yes, or leave hidden= out", from: ready + "prefix_tuning hidden=8",
            then: "prefix_tuning projection=yes hidden=8\nprefix_tuning"),
        Hint(
            "write projection=no, or leave text= out",
            from: ready + "prefix_tuning projection=yes text='Is it good?'",
            then: "prefix_tuning projection=no text='Is it good?'\nprefix_tuning projection=yes"),
        Hint(
            "write save in place of merge, which keeps it beside the base",
            from: ready + "prompt_tuning tokens=4\ntrain steps=1\nmerge {D}/merged", then: "save {D}/adapter"),
    ]
}
