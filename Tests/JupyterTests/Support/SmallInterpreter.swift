import Diagnostics
import Display
import Glibc
import JSON
import Jupyter

/// A language of one word a line, just big enough to make a kernel do everything it can.
struct SmallInterpreter: Interpreter {
    var language: LanguageDescription {
        LanguageDescription(
            name: "small", version: "1.0", banner: "Small", mimeType: "text/x-small",
            fileExtension: ".sm",
            pygmentsLexer: "bash", codeMirrorMode: "shell",
            helpLinks: [(text: "Small", url: "https://example.org")])
    }

    func run(cell source: String, output: any Output, interruption: Interruption) -> CellEnding {
        do {
            var value: MimeBundle?
            for line in source.split(separator: "\n") {
                value = try run(line: line.split(separator: " ").map { String($0) }, output, interruption)
            }
            return .finished(value)
        } catch let diagnostic as Diagnostic {
            return .failed(CellFailure(diagnostic))
        } catch {
            return .interrupted(isSaid: source.hasSuffix("calmly"))
        }
    }

    private func run(
        line words: [String], _ output: any Output, _ interruption: Interruption
    ) throws -> MimeBundle? {
        let rest = words.dropFirst().joined(separator: " ")
        switch words.first {
        case "echo": output.write(rest + "\n", to: .standardOutput)
        case "warn": output.write(rest + "\n", to: .standardError)
        case "value": return MimeBundle(plain: rest)
        case "tell": return MimeBundle(data: ["text/plain": .string(rest)], sentences: 1)
        case "show": output.display(MimeBundle(plain: rest), id: nil)
        case "display": output.display(MimeBundle(plain: rest), id: words[1])
        case "update": output.update(MimeBundle(plain: rest), id: words[1])
        case "updates":
            for step in 1...1000 { output.update(MimeBundle(plain: "step \(step)"), id: words[1]) }
        case "clear": output.clear(wait: true)
        case "page": output.page(MimeBundle(plain: rest))
        case "ask": return MimeBundle(plain: try output.input(prompt: rest, isPassword: false))
        case "secret": return MimeBundle(plain: try output.input(prompt: rest, isPassword: true))
        case "live": return MimeBundle(plain: output.updatesInPlace ? "in place" : "line by line")
        case "flood":
            for number in 0..<(Int(rest) ?? 0) { output.write("\(number)\n", to: .standardOutput) }
        case "spin":
            while true { try interruption.check() }
        case "wait": usleep(UInt32(rest) ?? 0)
        case "fail": throw Diagnostic("failed", rest.isEmpty ? "as asked" : rest, hint: "ask for less")
        default: break
        }
        return nil
    }

    func evaluate(expression: String) -> Result<MimeBundle, Diagnostic> {
        expression.hasPrefix("$")
            ? .success(MimeBundle(plain: String(expression.dropFirst())))
            : .failure(Diagnostic("no-variable", "there is no variable \(expression)"))
    }

    func complete(_ source: String, at cursor: Int) -> Completions {
        let scalars = Array(source.unicodeScalars.prefix(cursor))
        let start = scalars.lastIndex(of: " ").map { $0 + 1 } ?? 0
        var word = String.UnicodeScalarView()
        word.append(contentsOf: scalars[start...])
        let found = ["echo", "show", "spin"].filter { $0.hasPrefix(String(word)) }
        return Completions(
            start: start, end: cursor, items: found.map { .init(text: $0, kind: "verb") })
    }

    func inspect(_ source: String, at cursor: Int, detail: Int) -> MimeBundle? {
        source.hasPrefix("echo") ? MimeBundle(plain: detail == 0 ? "echo" : "echo: says it again") : nil
    }

    func completeness(of source: String) -> InputState {
        if source.hasSuffix("\\") { return .incomplete(indent: "  ") }
        return source.contains("?") ? .invalid : .complete
    }
}
