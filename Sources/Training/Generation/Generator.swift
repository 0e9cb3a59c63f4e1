import Compute
import Diagnostics
import Learning
import Models
import Tokenizers

/// Writes texts with a language model, as it is or under a tuning.
///
/// Sequences are written side by side, each with a memory of its own, so that a pass reads one token of each; one that
/// has ended makes room for the next prompt. Operations are split over the workers. What is written depends on the
/// prompt, the settings and the prompt's number, and neither on the workers nor on what is written beside it.
package struct Generator: Sendable {
    package let model: any LanguageModel
    package let tuning: Tuning?
    package let tokenizer: any Tokenizer
    package let settings: GenerationSettings
    package let workers: Workers
    /// Tokens that end a text; those of them that a person has asked for.
    let ends, stopTokens: Set<Int32>
    /// Stop strings that are no tokens of their own.
    let stops: [String]
    private let written: WrittenSpecials

    /// - `ends`: tokens that end a text, besides the tokenizer's.
    /// - Throws: `no-language-head` for a model that cannot write, `bad-value` for a stop string without a letter.
    package init(
        _ model: any LanguageModel, under tuning: Tuning? = nil, tokenizer: any Tokenizer,
        settings: GenerationSettings, ends: Set<Int32> = [], workers: Workers
    ) throws {
        guard model.isCausal, model.hasLanguageHead else {
            throw Diagnostic(
                "no-language-head", "writing needs a model that writes, and \(model.config.family) does not",
                hint: "take a decoder such as smollm2")
        }
        (self.model, self.tuning, self.tokenizer) = (model, tuning, tokenizer)
        (self.settings, self.workers) = (settings, workers)
        let all = try TextEnds(
            ends.union([tokenizer.special.eos].compactMap(\.self)), stops: settings.stops,
            tokenizer: tokenizer)
        (self.ends, stopTokens, stops) = (all.tokens, all.stopTokens, all.stops)
        written = WrittenSpecials(of: tokenizer)
    }

    /// Sequences that are written at once, at most.
    private static let most = 32
    /// Tokens of prompts that are read at once, about.
    private static let readAtOnce = 2048

    /// The tokens of a text that goes on: what begins a sequence stands before it, once.
    package func tokens(of prompt: String) -> [Int32] {
        tokenizer.encode(beginning: written.removed(from: prompt).text)
    }

    /// As the other one, from texts as they stand.
    package func write(
        _ prompts: [String], interruption: Interruption, onText: (WritingProgress) -> Void = { _ in }
    ) throws -> Writing {
        try write(prompts.map { tokens(of: $0) }, interruption: interruption, onText: onText)
    }

    /// - `prompts`: tokens of each, 1 or more, with what begins a sequence.
    /// - `onText`: is told of each token, on the caller's thread, each text's in their order.
    /// - Throws: `no-text` and `too-long` before anything is written, `not-finite`, `Interrupted`.
    package func write(
        _ prompts: [[Int32]], interruption: Interruption, onText: (WritingProgress) -> Void = { _ in }
    ) throws -> Writing {
        try check(prompts)
        try tuning?.prepare(over: model)
        var texts = [WrittenText?](repeating: nil, count: prompts.count * settings.samples)
        var (active, next): ([WrittenSequence], Int) = ([], 0)
        var (tokens, reading) = (0, 0.0)
        let (limit, meter, clock) = (self.limit(for: prompts), StepMeter(), ContinuousClock())
        let start = clock.now
        while true {
            try interruption.check()
            // Few are not worth a pass of their own while others are being written.
            let free = limit - active.count
            var fresh: [WrittenSequence] = []
            if next < prompts.count, active.isEmpty || free >= max(settings.samples, limit / 4) {
                let begun = clock.now
                let group = self.group(of: prompts, from: next, room: max(settings.samples, free))
                fresh = try meter.step { try read(group, of: prompts, interruption, onText) }
                next = group.upperBound
                reading += (clock.now - begun).inSeconds
                tokens += fresh.count
            }
            if !active.isEmpty {
                tokens += active.count
                try meter.step { try advance(&active, interruption, onText) }
            }
            active += fresh
            for sequence in active where sequence.ending != nil {
                texts[sequence.prompt * settings.samples + sequence.sample] = sequence.written
            }
            active.removeAll { $0.ending != nil }
            guard !active.isEmpty || next < prompts.count else { break }
        }
        return Writing(
            texts: texts.compactMap(\.self), promptTokens: prompts.reduce(0) { $0 + $1.count },
            tokens: tokens, readingSeconds: reading,
            writingSeconds: (clock.now - start).inSeconds - reading)
    }

    // MARK: - What fits

    private func check(_ prompts: [[Int32]]) throws {
        let room = model.room(under: tuning)
        for (index, prompt) in prompts.enumerated() {
            let which = prompts.count > 1 ? "prompt \((index + 1).grouped)" : "the prompt"
            guard !prompt.isEmpty else {
                throw Diagnostic(
                    "no-text",
                    "\(which) is empty, and this tokenizer puts no token of its own before a text",
                    hint: "write a few words that the text is to go on from")
            }
            guard prompt.count <= room else {
                throw Diagnostic(
                    "too-long",
                    "\(which) has \(prompt.count.grouped) tokens, and the model's context leaves room for \(room.grouped)",
                    hint: "take a shorter prompt")
            }
        }
    }

    /// How many sequences are written at once: as many as their keys and values fit into a quarter of what is free.
    private func limit(for prompts: [[Int32]]) -> Int {
        let config = model.config
        let longest = (prompts.map(\.count).max() ?? 0) + settings.maxTokens
        let rows = min(config.context, longest + (tuning?.positionCount ?? 0))
        let bytes = 8 * config.blocks * config.keyValueHeads * config.headWidth * rows
        let fitting = (SystemMemory.available ?? 4 << 30) / 4 / max(1, bytes)
        return max(1, min(Self.most, fitting))
    }

    /// The next prompts, whose texts find room, and which together are not too long to be read at once.
    private func group(of prompts: [[Int32]], from first: Int, room: Int) -> Range<Int> {
        var (end, tokens) = (first, 0)
        while end < prompts.count, (end + 1 - first) * settings.samples <= room || end == first,
            tokens + prompts[end].count <= Self.readAtOnce || end == first
        {
            tokens += prompts[end].count
            end += 1
        }
        return first..<end
    }

    // MARK: - Passes

    /// Reads prompts, and writes the first token after each.
    private func read(
        _ numbers: Range<Int>, of prompts: [[Int32]], _ interruption: Interruption,
        _ onText: (WritingProgress) -> Void
    ) throws -> [WrittenSequence] {
        let rows = numbers.map { Row(ids: prompts[$0], identity: 0) }
        let memories = numbers.map { _ in SequenceMemory() }
        let pass = Pass(
            Layout(rows, under: tuning), under: tuning, workers: workers, interruption: interruption)
        pass.memories = memories
        let h = try model.hiddenStates(Tokens(rows), pass)
        let ends = rows.indices.map { pass.layout.row(of: rows[$0].ids.count - 1, in: $0) }
        let logits = try pass.reading(ends) {
            try model.vocabularyLogits(pass.gather(h, rows: ends), pass)
        }
        var places: [Int] = []
        var sequences: [WrittenSequence] = []
        for (place, number) in numbers.enumerated() {
            for sample in 0..<settings.samples {
                places.append(place)
                sequences.append(
                    WrittenSequence(
                        (number, prompts[number]), sample: sample,
                        memory: sample == 0 ? memories[place] : memories[place].copy(), of: self))
            }
        }
        try choose(from: logits, places, for: &sequences, onText)
        return sequences
    }

    /// Reads the last token of each sequence, and writes the next one.
    private func advance(
        _ sequences: inout [WrittenSequence], _ interruption: Interruption,
        _ onText: (WritingProgress) -> Void
    ) throws {
        let pass = Pass(
            Layout(continuing: sequences.map(\.continuation)), under: tuning, workers: workers,
            interruption: interruption)
        pass.memories = sequences.map(\.memory)
        let h = try model.hiddenStates(Tokens(ids: sequences.map(\.last)), pass)
        let logits = try model.vocabularyLogits(h, pass)
        try choose(from: logits, Array(sequences.indices), for: &sequences, onText)
    }

    /// - `places`: the row of each sequence's logits.
    private func choose(
        from logits: Tensor, _ places: [Int], for sequences: inout [WrittenSequence],
        _ onText: (WritingProgress) -> Void
    ) throws {
        guard logits.isFinite else { throw try model.noNumbers(under: tuning) }
        let chosen = ChosenTokens(sequences.count)
        workers.run(sequences.count) { [sequences] index in
            let sequence = sequences[index]
            chosen[index] =
                sequence.takesLikeliest
                ? Int32(logits.largest(inRow: places[index]))
                : sequence.chosen(from: logits.values(ofRow: places[index]))
        }
        for index in sequences.indices { onText(sequences[index].add(chosen[index])) }
    }
}

extension LanguageModel {
    /// What to say of scores that are no numbers.
    ///
    /// - Throws: `not-finite` when a tensor of the base is why.
    func noNumbers(under tuning: Tuning?) throws -> Diagnostic {
        try store.requireFinite()
        return Diagnostic(
            "not-finite", "the model gives scores that are not numbers, though its base's weights are",
            hint: tuning == nil
                ? nil
                : "write lora, or the method that was trained, which begins anew, then train with a smaller lr"
        )
    }
}
