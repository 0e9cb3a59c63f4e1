import Diagnostics
import Display
import Foundation
import JSON
import Language
import Training

/// `runs`: what was trained, what can be resumed, and what it weighs.
struct RunsCommand: Command {
    private let action = VerbParameter<String>(
        "action", "what to do",
        .choice([
            Choice("list", "show the runs of this folder"),
            Choice("delete", "remove runs and their states"),
        ]), default: "list"
    ).positional()
    private let names = VerbParameter<[String]>(
        "names", "which runs", listOf: .name(.run, isOpen: true), default: []
    ).rest()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "runs", group: .experiment, summary: "lists the runs that have states, or deletes some",
            details: """
                A run's folder holds its settings and its last states; train save_every=, save_steps= and \
                save_total_limit= say how often and how many. A run that says stopped was killed while it ran: resume finishes it.
                """,
            parameters: parameters,
            examples: [
                CommandExample("runs", "names, steps and sizes"),
                CommandExample("runs delete r16", "its states are gone then", isSelfContained: false),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let place = context.runPlace
        guard arguments[action] == "delete" else {
            if let stray = arguments[names].first {
                throw Diagnostic(
                    "stray-name", "runs lists all runs; \(stray) is one too many",
                    at: arguments.span(of: names), hint: "write runs, or runs delete \(stray)")
            }
            return Self.table(place, showsTimes: context.state.settings.showsTimes)
        }
        let wanted = arguments[names]
        guard !wanted.isEmpty else {
            throw Diagnostic(
                "missing-value", "runs delete needs the names of runs", at: arguments.verb.span,
                hint: "write runs, which shows them")
        }
        guard let place else {
            throw Diagnostic("no-run", "no runs are written here", hint: "set runs=FOLDER names a folder")
        }
        let freed = try locating(arguments.span(of: names)) {
            try place.delete(wanted)
        }
        return KeyValue([
            .init("deleted", .text(wanted.joined(separator: ", "))),
            .init("freed", .styled(Double(freed), .bytes)),
        ])
    }

    private static func table(_ place: RunPlace?, showsTimes: Bool) -> any Displayable {
        let runs = place?.runs ?? []
        let unreadable = place?.unreadable ?? []
        guard let place, !runs.isEmpty || !unreadable.isEmpty else {
            return Message(
                "no runs are kept" + (place.map { " in \($0.path)" } ?? "")
                    + "; train as=NAME keeps one, and an interrupted one is kept until it is finished",
                value: .array([]))
        }
        var columns: [Table.Column] = [
            Table.Column("run", widthLimit: 24), "status", Table.Column("step", alignment: .trailing),
            .number("loss", .significant(3)), Table.Column("method", widthLimit: 24), .number("size", .bytes),
        ]
        if showsTimes { columns.append("changed") }
        let sizes = runs.map(\.byteCount) + unreadable.map { RunFolder.byteCount(place.folder(of: $0.name)) }
        let size = NumberStyle.bytes.text(Double(sizes.reduce(0, +)))
        var table = Table(
            columns: columns, caption: "Runs in \(place.path)",
            notes: ["loss: smoothed, as in the panel of train", "\(size) in all; runs delete NAME frees it"]
                + unreadable.map(\.problem.message))
        for run in runs {
            let entry = run.entry
            let step = "\(entry.step.grouped)/\(entry.steps.grouped)"
            var row: [Table.Cell] = [
                .text(entry.name), .text(run.status), .text(step), entry.loss.map { .number($0) } ?? .empty,
                .text("\(entry.settings.method.name) on \(entry.data)"), .number(Double(run.byteCount)),
            ]
            if showsTimes { row.append(.text(day(entry.changed))) }
            table.add(row)
        }
        for (name, _) in unreadable {
            let size = Double(RunFolder.byteCount(place.folder(of: name)))
            table.add(
                [.text(name), .text("unreadable"), .empty, .empty, .empty, .number(size)]
                    + (showsTimes ? [.empty] : []))
        }
        return table
    }

    private static func day(_ seconds: Double) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "MM-dd HH:mm"
        return format.string(from: Date(timeIntervalSince1970: seconds))
    }
}
