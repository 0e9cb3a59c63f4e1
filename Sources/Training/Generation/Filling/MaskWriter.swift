import Compute
import Diagnostics
import Learning
import Models
import Tokenizers

/// Writes texts with an encoder, which was not made for that: as many masks as there may be words stand after a prompt,
/// and are filled in one after the other, each from what stands on both sides of it (Wang & Cho 2019).
///
/// Every word is a pass over the whole text. What is written depends on prompt, settings and the prompt's number, and
/// neither on the workers nor on what is written beside it.
package struct MaskWriter: TextWriter {
    package let model: any LanguageModel
    package let tuning: Tuning?
    package let tokenizer: any Tokenizer
    package let settings: GenerationSettings
    package let filling: FillingSettings
    package let workers: Workers
    let ends: TextEnds
    let mask: Int32
    /// What stands after a text.
    let after: [Int32]
    /// Tokens that are no part of a text.
    let unwritten: Set<Int32>
    private let written: WrittenSpecials

    /// - Throws: `no-language-head` for a model that fills no masks in, `no-mask-token`, `bad-value` for a stop string
    ///   without a letter.
    package init(
        _ model: any LanguageModel, under tuning: Tuning? = nil, tokenizer: any Tokenizer,
        settings: GenerationSettings, filling: FillingSettings = FillingSettings(), workers: Workers
    ) throws {
        mask = try tokenizer.requiredMask(for: model)
        (self.model, self.tuning, self.tokenizer) = (model, tuning, tokenizer)
        (self.settings, self.filling, self.workers) = (settings, filling, workers)
        let special = tokenizer.special
        let closing = Set([special.sep, special.eos].compactMap(\.self))
        ends = try TextEnds(closing, stops: settings.stops, tokenizer: tokenizer)
        after = tokenizer.template.around.after
        let none = Set([special.bos, special.cls, special.pad, special.unk, mask].compactMap(\.self))
        unwritten = (settings.ignoresEnds ? none.union(closing) : none).subtracting(ends.stopTokens)
        written = WrittenSpecials(of: tokenizer)
    }

    /// Texts that are filled in at once, at most, and places whose logits are in memory then, about.
    private static let (most, mostPlaces) = (32, 256)

    /// Tokens of a sequence, at most.
    var room: Int { model.room(under: tuning) }

    package func tokens(of prompt: String) -> [Int32] {
        tokenizer.encode(beginning: written.removed(from: prompt).text)
    }

    package func write(
        _ prompts: [[Int32]], interruption: Interruption, onText: (WritingProgress) -> Void
    ) throws -> Writing {
        try check(prompts)
        try tuning?.prepare(over: model)
        var waiting = prompts.enumerated().flatMap { number, tokens in
            (0..<settings.samples).map { FilledSequence((number, tokens), sample: $0, of: self) }
        }[...]
        var texts: [WrittenText] = []
        var (active, tokens) = ([FilledSequence](), 0)
        let (meter, clock) = (StepMeter(), ContinuousClock())
        let start = clock.now
        while !active.isEmpty || !waiting.isEmpty {
            try interruption.check()
            while active.count < Self.most, let next = waiting.first,
                active.isEmpty
                    || active.reduce(next.wanted.count, { $0 + $1.wanted.count }) <= Self.mostPlaces
            {
                active.append(next)
                waiting = waiting.dropFirst()
            }
            tokens += active.count
            try meter.step { try advance(&active, interruption, onText) }
            texts += active.filter { $0.ending != nil }.map(\.written)
            active.removeAll { $0.ending != nil }
        }
        return Writing(
            texts: texts.sorted { ($0.prompt, $0.sample) < ($1.prompt, $1.sample) },
            promptTokens: prompts.reduce(0) { $0 + $1.count }, tokens: tokens, readingSeconds: 0,
            writingSeconds: (clock.now - start).inSeconds)
    }

    private func check(_ prompts: [[Int32]]) throws {
        let room = room - after.count - 1
        for (index, prompt) in prompts.enumerated() where prompt.count > room {
            let which = prompts.count > 1 ? "prompt \((index + 1).grouped)" : "the prompt"
            throw Diagnostic(
                "too-long",
                "\(which) has \(prompt.count.grouped) tokens, and the model's context leaves room for \(max(0, room).grouped)",
                hint: "take a shorter prompt")
        }
    }

    /// One word of each sequence.
    private func advance(
        _ sequences: inout [FilledSequence], _ interruption: Interruption,
        _ onText: (WritingProgress) -> Void
    ) throws {
        let rows = sequences.map(\.row)
        let wanted = sequences.map(\.wanted)
        let pass = Pass(
            Layout(rows, under: tuning), under: tuning, workers: workers, interruption: interruption)
        let h = try model.hiddenStates(Tokens(rows), pass)
        let places = wanted.enumerated().flatMap { index, places in
            places.map { pass.layout.row(of: $0, in: index) }
        }
        let logits = try pass.reading(places) {
            try model.vocabularyLogits(pass.gather(h, rows: places), pass)
        }
        guard logits.isFinite else { throw try model.noNumbers(under: tuning) }
        var first = 0
        let firsts = wanted.map { places in
            defer { first += places.count }
            return first
        }
        let (tokens, numbers) = (ChosenTokens(sequences.count), ChosenTokens(sequences.count))
        workers.run(sequences.count) { [sequences] index in
            let own = firsts[index]..<firsts[index] + wanted[index].count
            let chosen = sequences[index].chosen(from: own.map { logits.values(ofRow: $0) })
            (numbers[index], tokens[index]) = (Int32(chosen.number), chosen.token)
        }
        for index in sequences.indices {
            onText(sequences[index].fill(Int(numbers[index]), with: tokens[index]))
        }
    }
}

extension Tokenizer {
    /// The token that stands for what a model is to fill in.
    ///
    /// - Throws: `no-language-head` for a model that fills none in, `no-mask-token`.
    package func requiredMask(for model: any LanguageModel) throws -> Int32 {
        guard !model.isCausal, model.hasLanguageHead else {
            throw Diagnostic(
                "no-language-head",
                "\(model.config.family) fills no masks in: there is no head for that (cls.predictions)",
                hint: "load texts with label=none and train, which makes one")
        }
        guard let mask = special.mask else { throw MaskedModelling.noMask }
        return mask
    }
}
