import Diagnostics
import Display
import Foundation
import JSON
import Language
import Learning
import Training

/// What rising rates did to the loss, and the rate that speaks for.
struct RateReport {
    private let search: RateSearch
    private let rule: RateRule
    /// The verb that takes the rate: `train`, or `dpo` where pairs of answers are learned.
    private let verb: String
    /// What it was searched with and that verb is to have too: `batch=16 optimizer=sgd`.
    private let conditions: String
    /// What only another search has: `from=1e-6 by=steep`.
    private let range: String
    private let fall: RateCurve.Fall
    /// As they were tried; none of too few losses, and where none of them has fallen.
    private let rates: [RateRule: Double]

    init(
        _ search: RateSearch, by rule: RateRule, for verb: String, with conditions: String = "",
        over range: String = ""
    ) {
        (self.search, self.rule, self.conditions, self.range) = (search, rule, conditions, range)
        self.verb = verb
        let (curve, fall) = (search.curve, search.curve.fall())
        self.fall = fall
        rates = RateRule.allCases.reduce(into: [:]) { rates, rule in
            rates[rule] = fall == .found ? rule.rate(of: curve) : nil
        }
    }

    /// What is suggested; nil for nothing.
    var rate: Double? { rates[rule] }

    private var curve: RateCurve { search.curve }
    private var settings: TrainerSettings { search.trainer.settings }

    /// `1.2e-3`: a person writes no more of it.
    static func text(_ rate: Double) -> String {
        let parts = NumberStyle.scientific(1).text(rate).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return formatted(rate) }
        return "\(parts[0].replacing(/\.0$/, with: ""))e\(exponent)"
    }

    // MARK: - The headline

    var facts: FoldedFacts {
        let head = rate.map { "suggested lr \(Self.text($0)) (\(rule.rawValue))" } ?? "no lr to suggest"
        var line = [head, "\(curve.points.count.grouped) of \(curve.planned.grouped) steps"]
        if let lowest = curve.lowest {
            line.append(
                "loss lowest at \(Self.text(lowest.rate)): \(NumberStyle.significant(3).text(lowest.smoothed))"
            )
        }
        return FoldedFacts(line: line, facts: table, notes: notes)
    }

    private var table: KeyValue {
        let (first, last) = (curve.points.first, curve.points.last)
        let others = RateRule.allCases.compactMap { rule in
            rates[rule].map { "\(rule.rawValue) \(Self.text($0))" }
        }
        return KeyValue(
            [
                .init(
                    "rates",
                    .text(
                        "\(first.map { Self.text($0.rate) } ?? "") to \(last.map { Self.text($0.rate) } ?? "")"
                    )),
                .init("end", .text(end)),
                .init("suggestions", .text(others.isEmpty ? "none" : others.joined(separator: ", "))),
                .init("optimizer", .text(settings.optimizer.kind.declaration.name)),
                .init("batch", .integer(settings.batch)), .init("seed", .text("\(settings.seed)")),
            ], caption: "Learning rates")
    }

    private var end: String {
        switch curve.ending {
        case nil: "stopped by you"
        case .whole: "all rates were tried"
        case .rose: "the loss had risen to four times its lowest"
        case .unlearned: "what was learned was lost again"
        case .notFinite: "the loss was no number any more"
        }
    }

    private var notes: [PanelNote] {
        var notes: [PanelNote] = []
        if curve.ending == nil {
            notes.append(
                PanelNote(
                    "stopped by you at step \(curve.points.count.grouped) of \(curve.planned.grouped): this is of the rates so far"
                ))
        }
        guard let rate else { return notes + [none] }
        return notes + [
            PanelNote([
                .code(written("\(verb) lr=\(Self.text(rate))")),
                .text(" takes it; model, head and runs are as they were"),
            ])
        ]
    }

    /// Why there is no rate, and what might find one.
    private var none: PanelNote {
        guard curve.ending != nil else { return PanelNote("too few losses so far to suggest a rate of") }
        let steps = 2 * curve.planned
        guard fall == .none else {
            let lower = "from=\(Self.text((curve.points.first?.rate ?? 1e-7) / 100))"
            return PanelNote(
                [
                    .text("too few losses before the end: "),
                    .code(written("lr_find \(lower) steps=\(min(10_000, max(200, steps)))")),
                    .text(" has more"),
                ], isWarning: true)
        }
        let told = "at no rate did the loss fall by more than it varies from batch to batch"
        guard steps <= 10_000 else { return PanelNote([.text(told)], isWarning: true) }
        return PanelNote(
            [
                .text("\(told): "), .code(written("lr_find steps=\(steps)", range)), .text(" looks closer"),
            ], isWarning: true)
    }

    private func written(_ line: String, _ more: String = "") -> String {
        [line, more, conditions].filter { !$0.isEmpty }.joined(separator: " ")
    }

    // MARK: - The plot

    var chart: LineChart {
        let shown = curve.shown
        let mark = rate.flatMap { rate -> LineChart.Mark? in
            let near = shown.min { abs(log($0.rate / rate)) < abs(log($1.rate / rate)) }
            return near.map { LineChart.Mark("\(rule.rawValue) \(Self.text(rate))", x: rate, y: $0.smoothed) }
        }
        let kind = settings.optimizer.kind.declaration.name
        let places = shown.map(\.rate)
        let range = places.first.flatMap { first in places.last.map { first...max($0, first * 10) } }
        return LineChart(
            title: "Loss by learning rate",
            subtitle: ["\(kind), batch \(settings.batch) · smoothed over the steps so far"],
            x: Axis("lr", isLogarithmic: true, range: range),
            y: Axis("loss", unit: "nats", range: losses(shown)),
            series: [LineChart.Series("loss", shown.map { (x: $0.rate, y: $0.smoothed) })],
            marks: mark.map { [$0] } ?? [])
    }

    /// From the lowest to a little above where it fell from: what blows up at the end leaves the frame.
    private func losses(_ shown: some Sequence<RateCurve.Point>) -> ClosedRange<Double>? {
        guard let lowest = curve.lowest else { return nil }
        let before = shown.lazy.filter { $0.rate <= lowest.rate }.map(\.smoothed).max() ?? lowest.smoothed
        let fall = max(before - lowest.smoothed, 0.05 * abs(lowest.smoothed), 1e-6)
        let end = shown.lazy.map(\.smoothed).max() ?? before
        return lowest.smoothed - 0.1 * fall...max(before, min(end, before + 0.6 * fall))
    }

    var value: JSON {
        var value: JSONObject = [
            "suggestion": rate.map { .number($0) } ?? .null, "by": .string(rule.rawValue),
            "steps": .integer(curve.points.count), "planned": .integer(curve.planned),
            "end": .string(curve.ending?.rawValue ?? "stopped"),
            "optimizer": .string(settings.optimizer.kind.declaration.name), "batch": .integer(settings.batch),
            "rows": .array(
                curve.points.map {
                    ["lr": .number($0.rate), "loss": .number($0.loss), "smoothed": .number($0.smoothed)]
                }),
        ]
        var others: JSONObject = [:]
        for rule in RateRule.allCases {
            others[rule.rawValue] = rates[rule].map { .number($0) } ?? .null
        }
        value["suggestions"] = .object(others)
        return .object(value)
    }
}
