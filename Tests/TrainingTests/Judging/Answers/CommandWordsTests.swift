import Testing

@testable import Training

@Suite struct CommandWordsTests {
    @Test(arguments: [
        ("python3 judge.py --scale 100", ["python3", "judge.py", "--scale", "100"]),
        ("  a   b\t", ["a", "b"]), ("sh -c 'echo \"x y\"'", ["sh", "-c", "echo \"x y\""]),
        ("a\\ b 'c'\"d\" ''", ["a b", "cd", ""]), ("", []), ("'open end", ["open end"]),
        ("$HOME *.py", ["$HOME", "*.py"]),
    ])
    func wordsAreCutAsAShellCutsThem(text: String, words: [String]) {
        #expect(commandWords(text) == words)
    }
}
