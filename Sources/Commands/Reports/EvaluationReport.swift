import Display
import JSON
import Training

/// An evaluation: the score, how sure it is and what it is worth first, the figures of the classes beneath.
struct EvaluationReport: Displayable {
    static let untrained = "the classifier has not been trained: this is chance"
    static let untrainedNumber = "the head has not been trained: its numbers say nothing"

    let result: EvaluationResult
    /// Whether the head never learned anything.
    let isUntrained: Bool
    let showsTimes: Bool
    /// What has been tuned, in a word or two.
    var method = ""
    /// Whether the weights in use were chosen by these texts.
    var hasChosen = false
    /// What else is to be known of figures that are of no classes: how texts were cut.
    var reading: String?

    var value: JSON { .object(result.json) }

    func mimeBundle() -> MimeBundle {
        guard let matrix = result.metrics.matrix else { return figuresTable.mimeBundle() }
        let headline = Headline(matrix)
        var table = Table.classes(of: matrix, shown: Self.shownClasses)
        let plain =
            [title, "", headline.plain, "", table.plain, ""].joined(separator: "\n")
            + "\n"
            + (remarks.map { "! \($0)" } + [figures, more.joined(separator: " · "), origin]).joined(
                separator: "\n")
        let html = Markup.frame(
            [Markup.heading(result.title, facts), headline.html] + remarks.map(Markup.warning)
                + [
                    table.html, Markup.note(figures), Markup.folded("more figures", more),
                    Markup.folded("where these figures come from", origins),
                ])
        table.caption = title
        table.notes =
            [headline.words] + table.notes + remarks + [figures, more.joined(separator: " · "), origin]
        return MimeBundle(
            data: [
                MimeType.html: .string(html), MimeType.markdown: .string(table.markdown),
                MimeType.latex: .string(table.latex), MimeType.plain: .string(plain),
            ], sentences: remarks.count + 3)
    }

    /// Classes of which each has a row; the largest where there are more.
    private static let shownClasses = 20

    private var facts: [String] { (method.isEmpty ? [] : [method]) + ["accuracy"] }
    private var title: String { "\(result.title)  \(facts.joined(separator: " · "))".onOneLine }

    /// What keeps the score from meaning what it seems to.
    private var remarks: [String] {
        var remarks = plainRemarks
        let bare = result.matrix.labels.indices.filter { result.matrix.support($0) == 0 }
        if !bare.isEmpty, bare.count < result.matrix.labels.count {
            let names = ClassMatch.listed(bare.map { result.matrix.labels[$0] })
            remarks.append("no text here is of \(names): the means are over the other classes")
        }
        if isUntrained {
            remarks.append(Self.untrained)
        } else if let triviality = result.triviality {
            remarks.append("\(triviality): such a score says how common classes are, not what was learned")
        }
        return remarks
    }

    /// Those that are of no classes.
    private var plainRemarks: [String] {
        result.remarks
            + (hasChosen ? ["these texts chose the weights in use, so their score here is no test"] : [])
    }

    /// `loss 0.421 · calibration error 0.038 · 2.1 s, 95 texts a second`
    private var figures: String {
        var figures = ["loss \(NumberStyle.significant(3).text(result.loss))"]
        if let error = result.metrics.calibrationError {
            figures.append("calibration error \(NumberStyle.significant(3).text(error))")
        }
        figures.append("balanced accuracy \(share(result.matrix.balancedAccuracy))")
        if showsTimes, result.seconds > 0 {
            let texts = NumberStyle.fixed(0).text(Double(result.metrics.count) / result.seconds)
            figures.append("\(NumberStyle.seconds.text(result.seconds)), \(texts) texts a second")
        }
        return figures.joined(separator: " · ")
    }

    /// What a person asks for when the first figures are not enough.
    private var more: [String] {
        let matrix = result.matrix
        let decimals = NumberStyle.fixed(3)
        var more: [String] = []
        if let probabilities = result.metrics.probabilities {
            if let auc = probabilities.auc { more.append("AUC \(decimals.text(auc))") }
            if let area = probabilities.weightedAUC { more.append("weighted AUC \(decimals.text(area))") }
            if let precision = probabilities.averagePrecision {
                more.append("average precision \(decimals.text(precision))")
            }
            more.append("Brier score \(decimals.text(probabilities.brier))")
        }
        more.append("Matthews correlation \(decimals.text(matrix.matthews))")
        more.append(
            "weighted precision \(share(matrix.weightedPrecision)), recall \(share(matrix.weightedRecall)), "
                + "F1 \(share(matrix.weightedF1))")
        return more
    }

    private var origins: [String] {
        let matrix = result.matrix
        var origins = ["interval: Wilson, 95%"]
        if let commonest = matrix.labels.indices.max(by: { matrix.support($0) < matrix.support($1) }) {
            origins.append("baseline: always “\(matrix.labels[commonest].onOneLine.clipped(to: 40))”")
        }
        origins.append("macro: the mean over the classes")
        if result.seen == 0, result.isSeenWhole { origins.append("no text of these was trained on") }
        if let shots = result.shots { origins.append(shots.origin) }
        if result.metrics.calibrationError != nil {
            origins.append("calibration error: ten bins of the answers' probabilities")
            let classes = matrix.labels.count
            origins.append(
                classes == 2
                    ? "AUC and average precision: of “\(matrix.labels[1].onOneLine.clipped(to: 40))”"
                    : "AUC and average precision: the mean over the classes, each against the others")
        }
        return origins
    }

    private var origin: String { origins.joined(separator: " · ") }

    private func share(_ share: Double) -> String { NumberStyle.share(of: result.metrics.count).text(share) }

    /// Of those that a model wrote.
    private static let shownAnswers = 3

    /// For answers that are no classes.
    private var figuresTable: Table {
        let metrics = result.metrics
        var table = Table(
            columns: ["", Table.Column("value", alignment: .trailing), Table.Column("95%", key: "interval")],
            rows: metrics.figures.map { figure -> [Table.Cell] in
                [.text(figure.title), .styled(figure.value, figure.style), .text(figure.intervalText ?? "")]
            },
            caption: ([result.title] + (method.isEmpty ? [] : [method])).joined(separator: " · "),
            warnings: plainRemarks)
        if let baseline = metrics.meanBaseline {
            table.add(["MSE of the mean", .styled(baseline, .loss), ""])
            if isUntrained {
                table.warnings.append(Self.untrainedNumber)
            } else if let triviality = result.triviality {
                table.warnings.append(triviality)
            }
            table.notes.append(
                "MSE of the mean: what always answering the mean of these \(metrics.count.grouped) numbers costs"
            )
        } else {
            if isUntrained { table.warnings.append("the head has not been trained: this is chance") }
            let unit = metrics.tokens == nil ? "loss" : "loss of a token"
            table.add([.text(unit), .styled(result.loss, .loss), ""])
        }
        if let tokens = metrics.tokens { table.add(["tokens judged", .integer(tokens), ""]) }
        table.add(["texts", .integer(metrics.count), ""])
        if let sure = metrics.figures.first(where: { $0.interval != nil }) {
            table.notes.append("95%: \(sure.name == "accuracy" ? "Wilson" : "a bootstrap over the texts")")
        }
        if let shots = result.shots { table.notes.append(shots.origin) }
        let cut = result.written.count { $0.ending == .maxTokens }
        if cut > 0 {
            let share = "\(cut.grouped) of \(result.written.count.grouped)"
            table.warnings.append("max_tokens ended \(share) of the answers that were written")
        }
        for answer in result.written.prefix(Self.shownAnswers) {
            let (text, known) = (answer.text.onOneLine, answer.reference.onOneLine)
            table.notes.append("written: “\(text.clipped(to: 90))”, known: “\(known.clipped(to: 90))”")
        }
        if let reading { table.notes.append(reading) }
        if showsTimes, result.seconds > 0 {
            let rate = NumberStyle.fixed(0).text(Double(result.tokens) / result.seconds)
            table.notes.append("\(NumberStyle.seconds.text(result.seconds)), \(rate) tokens a second")
        }
        return table
    }
}
