import Display
import JSON
import Training

/// Texts before a person's eyes while they are written: one display that is updated in place, or the words themselves
/// where a console shows them one after the other.
///
/// Updates come at most eight times a second. Where times are switched off only the whole is shown: how often a display was
/// updated would be a matter of time.
///
/// Used from one thread at a time.
final class WritingDisplay {
    /// What stands before each text, in the order of prompts and of their samples.
    private let openings: [[WritingView.Turn]]
    /// Who writes, where that is to be read.
    private let name: String?
    private let samples: Int
    private let maxTokens: Int
    private let notes: [String]
    private let verb: String
    private let output: any Output
    private let surroundings: Surroundings
    private let id: String
    private let isStreamed: Bool
    private let isUpdated: Bool
    private var texts: [String]
    private var tokens: [Int]
    private var isEnded: [Bool]
    private var shown = -Double.infinity
    /// The text that a console is at, and whether what stands before it was told.
    private var told = (text: 0, isOpen: false)

    /// Seconds between two updates.
    private static let interval = 0.125

    /// - `verb`: what the status bar says is at work.
    /// - `openings`: of each text, `settings.samples` a prompt.
    init(
        _ verb: String, _ openings: [[WritingView.Turn]], by name: String?, _ settings: GenerationSettings,
        notes: [String], in context: Context
    ) {
        (self.verb, self.openings, self.name, self.notes) = (verb, openings, name, notes)
        (samples, maxTokens) = (settings.samples, settings.maxTokens)
        (output, surroundings) = (context.output, context.surroundings)
        id = "lorikeet-" + context.surroundings.freshName()
        let showsTimes = context.state.settings.showsTimes
        isStreamed = showsTimes && context.output.showsTextAsItComes
        isUpdated = showsTimes && !context.output.showsTextAsItComes && context.output.updatesInPlace
        texts = openings.map { _ in "" }
        tokens = openings.map { _ in 0 }
        isEnded = openings.map { _ in false }
    }

    var hasText: Bool { texts.contains { !$0.isEmpty } }

    /// Takes note of a token, and shows it when the last time was long enough ago.
    func note(_ progress: WritingProgress) {
        let index = progress.prompt * samples + progress.sample
        // An answer that begins with line ends has them before it, and not in it, for whoever looks.
        let isOpening = name != nil && texts[index].isEmpty
        let new = isOpening ? String(progress.text.trimmingPrefix(while: \.isNewline)) : progress.text
        texts[index] += new
        (tokens[index], isEnded[index]) = (progress.tokens, progress.ending != nil)
        if isStreamed { tell(index, new) }
        let now = surroundings.now()
        if isUpdated, now - shown >= Self.interval { show(view(.running), at: now) }
    }

    // MARK: - Its end

    /// Leaves what was written as it is, and says that it was stopped.
    func stop() {
        var view = view(.stopped)
        view.notes = ["stopped: this is what was written so far"]
        guard isStreamed else {
            return isUpdated ? show(view, at: 0) : output.display(view.mimeBundle(), id: nil)
        }
        if told.isOpen { output.write("\n", to: .standardOutput) }
        for note in view.notes { output.note(note) }
    }

    /// Takes away what was shown, where an error comes in its place.
    func leave() {
        if isStreamed, told.isOpen { output.write("\n", to: .standardOutput) }
        guard isUpdated, shown > -.infinity else { return }
        output.update(MimeBundle(plain: ""), id: id)
    }

    /// The whole, to be returned.
    func finish(remarks: [String], facts: String, notes more: [String], value: JSON) -> WritingView {
        var view = view(.finished)
        for (index, remark) in remarks.enumerated() { view.entries[index].remark = remark }
        view.notes = notes + more + [facts]
        view.value = value
        view.isShown = isStreamed || isUpdated
        if isUpdated { show(view, at: surroundings.now()) }
        if isStreamed {
            for note in view.notes { output.note(note) }
        }
        return view
    }

    // MARK: - Forms

    private func view(_ state: ProgressView.State) -> WritingView {
        var view = WritingView(
            zip(openings, texts).map { WritingView.Entry($0 + [WritingView.Turn($1, by: name)]) })
        view.state = state
        return view
    }

    private func show(_ view: WritingView, at now: Double) {
        var bundle = view.mimeBundle()
        if view.state == .running {
            bundle = bundle.telling(ProgressData(verb: verb, share: share, secondsLeft: nil))
        }
        if shown == -.infinity {
            output.display(bundle, id: id)
        } else {
            output.update(bundle, id: id)
        }
        shown = now
    }

    /// How much of what there may be is there.
    private var share: Double {
        let done = zip(tokens, isEnded).reduce(0) { $0 + ($1.1 ? maxTokens : $1.0) }
        return Double(done) / Double(max(1, maxTokens * tokens.count))
    }

    /// A console has one text after the other: that of the first prompt as it comes, the next ones when it has ended.
    private func tell(_ index: Int, _ new: String) {
        guard index == told.text else { return }
        write(opened(index) + new)
        while told.text < texts.count, isEnded[told.text] {
            write("\n")
            told = (told.text + 1, false)
            guard told.text < texts.count, !texts[told.text].isEmpty || isEnded[told.text] else { return }
            write("\n" + opened(told.text) + texts[told.text])
        }
    }

    /// What stands before a text, once.
    private func opened(_ index: Int) -> String {
        guard !told.isOpen else { return "" }
        told.isOpen = true
        return WritingView.opening(openings[index]) + (name.map { "\($0): " } ?? "")
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        output.write(text.withoutControls, to: .standardOutput)
    }
}
