import Diagnostics
import Display
import Language
import Training

/// `set`: how the session behaves.
struct SetCommand: Command {
    private let times = VerbParameter<Bool?>(
        "times", "show durations and rates; off makes outputs repeatable to the letter")
    private let workers = VerbParameter<Int?>(
        "workers", "cores at work; the results do not depend on it", 1...1024)
    private let seed = VerbParameter<Int?>("seed", "where commands without their own seed begin", 0...Int.max)
    private let memory = VerbParameter<Int?>(bytes: "memory", "the most memory that a plan may ask for").unit(
        "bytes")
    private let runs = VerbParameter<String?>(
        "runs", "the folder that runs write their states into", .path(.folder)
    ).otherwise("lorikeet-runs, beside the notebook")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "set", group: .session, summary: "changes how the session behaves; alone it shows the settings",
            parameters: parameters,
            examples: [
                CommandExample("set times=off", "no wall-clock text in the outputs"),
                CommandExample("set workers=2 seed=7", "two cores, another seed"),
                CommandExample("set", "what is set"),
            ], changes: [.settings])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let given = [
            arguments.isGiven(times), arguments.isGiven(workers), arguments.isGiven(seed),
            arguments.isGiven(memory), arguments.isGiven(runs),
        ]
        guard given.contains(true) else { return Self.table(of: context.state.settings) }
        if let value = arguments[times] { context.state.settings.showsTimes = value }
        if let value = arguments[workers] { context.state.settings.workers = value }
        if let value = arguments[seed] { context.state.settings.seed = value }
        if let value = arguments[memory] { context.state.settings.memoryLimit = value }
        if let value = arguments[runs] {
            guard !value.allSatisfy(\.isWhitespace) else {
                throw Diagnostic(
                    "bad-value", "runs= names no folder", at: arguments.span(of: runs),
                    hint: "name a folder, such as runs=\(RunPlace.usual)")
            }
            try locating(arguments.span(of: runs)) { try RunPlace(value).check() }
            context.state.settings.runs = value
        }
        return nil
    }

    static func table(of settings: Settings) -> KeyValue {
        KeyValue([
            .init("times", .flag(settings.showsTimes)),
            .init("workers", settings.workers.map { .integer($0) } ?? "all cores"),
            .init("seed", .integer(settings.seed), style: .ungrouped),
            .init(
                "memory", settings.memoryLimit.map { .styled(Double($0), .bytes) } ?? "what the machine has"),
            .init("runs", .text(settings.runs ?? RunPlace.usual)),
        ])
    }
}
