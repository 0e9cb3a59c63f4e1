extension Hint {
    /// With the tests' own `trial`.
    static let blocks = [
        Hint(
            "write end on a line of its own after it", from: "trial\necho a", then: "trial\necho a\nend",
            needsBlock: true),
        Hint(
            "end stands alone on its line", from: "trial\necho a\nend trial", then: "trial\necho a\nend",
            needsBlock: true),
        Hint(
            "end some of them before the next begins",
            from: String(repeating: "trial\n", count: 33) + String(repeating: "end\n", count: 33),
            then: String(repeating: "trial\nend\n", count: 33), needsBlock: true),
        Hint(
            "write what is to be tried between the brackets", from: "trial\nset seed=[]\nend",
            then: "trial\nset seed=[1, 2]\nend", needsBlock: true),
    ]
}
