import Display
import Language
import Testing

@testable import Commands

@Suite struct RegistryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let verb: String
        let example: CommandExample
        var testDescription: String { "\(verb): \(example.code)" }
    }

    static let cases = CommandRegistry.commands.flatMap { command in
        command.declaration.examples.map { Case(verb: command.declaration.verb, example: $0) }
    }

    /// What a verb touches decides what may run beside it.
    @Test(arguments: cases.filter(\.example.isSelfContained))
    func everyVerbChangesOnlyWhatItSays(_ tried: Case) throws {
        let bench = Bench()
        bench.run(tried.example.after)
        let before = bench.fingerprint
        bench.run(tried.example.code)
        let verbs = bench.interpreter.lexicon.parse(tried.example.code).statements.map(\.head)
        let declared = Set(
            verbs.compactMap { bench.interpreter.lexicon[$0] }.flatMap { $0.uses.union($0.changes) })
        for fact in bench.fingerprint.differences(from: before) where !fact.hasPrefix("$") {
            let owners = try #require(SessionFingerprint.owners(of: fact), "\(fact)")
            #expect(!owners.isDisjoint(with: declared), "\(fact) has changed")
        }
    }

    @Test(arguments: CommandRegistry.commands.map(\.declaration))
    func everyDeclarationIsWhole(_ command: CommandDeclaration) {
        #expect(!command.examples.isEmpty)
        #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
        #expect(command.examples.contains { $0.code.contains(command.verb) })
        let names = command.parameters.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count, "a key stands for two parameters")
        for parameter in command.parameters {
            #expect(!parameter.doc.isEmpty && !parameter.doc.hasSuffix("."), "\(parameter.name)")
            // A key may name a part after a dot: `dropout.hidden`.
            let words = parameter.name.split(separator: ".", omittingEmptySubsequences: false)
            let arePlain = words.allSatisfy { word in
                !word.isEmpty && word.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }
            }
            #expect(arePlain && words.count <= 2, "\(parameter.name)")
        }
    }

    @Test func everyVerbHasHelp() {
        for verb in CommandRegistry.lexicon.verbs {
            #expect(Bench().result("help \(verb)")?.plain.contains(verb) == true)
        }
        #expect(ReferencePages(CommandRegistry.lexicon).pages.count == CommandRegistry.commands.count + 1)
    }
}
