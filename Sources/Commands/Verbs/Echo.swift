import Diagnostics
import Display
import Language

/// `echo`: writes text, or counts lines.
struct EchoCommand: Command {
    private let words = VerbParameter<[String]>("text", "what to write", listOf: .text, default: [])
        .sentences()
    private let count = VerbParameter<Int?>("n", "write so many numbered lines, from 0", 0...1_000_000_000)
        .unit("lines")
    private let stream = VerbParameter<String>(
        "to", "where to write",
        .choice([Choice("stdout", "standard output"), Choice("stderr", "standard error")]), default: "stdout")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "echo", group: .session, summary: "writes text, or so many numbered lines",
            parameters: parameters,
            examples: [
                CommandExample("echo \"hello, world\"", "writes a line"),
                CommandExample("echo seed is $seed", "variables are filled in", after: "seed=7"),
                CommandExample("echo n=3", "writes 0, 1 and 2, a line each"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let stream = OutputStream(rawValue: arguments[stream]) ?? .standardOutput
        let text = arguments[words].joined(separator: " ")
        guard let count = arguments[count] else {
            context.output.write(text + "\n", to: stream)
            return nil
        }
        let prefix = text.isEmpty ? "" : text + " "
        var block = NumberedLines(prefix: prefix)
        for start in stride(from: 0, to: count, by: Self.linesAtOnce) {
            try context.interruption.check()
            context.output.write(block.lines(start..<min(start + Self.linesAtOnce, count)), to: stream)
        }
        return nil
    }

    private static let linesAtOnce = 8192
}

/// Lines of a prefix and a number, written digit by digit: a million of them in a moment.
private struct NumberedLines {
    let prefix: [UInt8]
    private var bytes: [UInt8] = []

    init(prefix: String) {
        self.prefix = Array(prefix.utf8)
    }

    mutating func lines(_ range: Range<Int>) -> String {
        bytes.removeAll(keepingCapacity: true)
        for number in range {
            bytes += prefix
            append(number)
            bytes.append(0x0A)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func append(_ number: Int) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }
}
