import Display
import JSON
import Training

extension ParameterCount {
    /// The head that the next run trains among them; nil without a model.
    package init?(of engine: EngineState) {
        guard let loaded = engine.model else { return nil }
        self.init(loaded, engine.method, task: engine.task ?? (try? engine.readingTask(for: "params")))
    }

    package var table: any Displayable {
        var table = Table(
            columns: [
                "part", .number("parameters", .automatic), .number("trained", .automatic),
                .number("share", .percent(2)),
            ], caption: "Parameters", notes: [held.note])
        for part in parts + [("all", total, trained)] {
            let share = part.total == 0 ? 0 : Double(part.trained) / Double(part.total)
            table.add([.text(part.name), .integer(part.total), .integer(part.trained), .number(share)])
        }
        return Valued(table, value: json)
    }

    package func summary(method: String, remarks: [String] = []) -> any Displayable {
        var entries: [KeyValue.Entry] = [.init("method", .text(method))]
        if !targets.isEmpty { entries.append(.init("targets", .text(targets.joined(separator: ", ")))) }
        entries += [
            .init("trained", .integer(trained)), .init("of", .integer(total)),
            .init("share", .styled(share, shareStyle)),
        ]
        var value = json.object ?? [:]
        value["method"] = .string(method)
        return Valued(KeyValue(entries, notes: remarks), value: .object(value))
    }

    /// Whatever is trained is more than 0.00%.
    var shareStyle: NumberStyle { .percent(share > 0 && share < 0.0001 ? 4 : 2) }

    private var json: JSON {
        [
            "total": .integer(total), "trainable": .integer(trained), "share": .number(share),
            "targets": .array(targets.map(JSON.string)), "held_bytes": .integer(held.byteCount),
        ]
    }
}
