import Learning
import System
import Tokenizers

/// One text on its way: its tokens, what they have left in the blocks, and what it reads as.
struct WrittenSequence: Sendable {
    let prompt, sample: Int
    let promptTokens: [Int32]
    private let settings: GenerationSettings
    private let ends: Set<Int32>
    private let stopTokens: Set<Int32>
    /// Positions that a tuning's rows and keys take.
    private let taken: Int
    private let context: Int
    let memory: SequenceMemory
    private(set) var tokens: [Int32] = []
    private(set) var ending: WrittenText.Ending?
    private var stream: TextStream

    init(
        _ prompt: (number: Int, tokens: [Int32]), sample: Int, memory: SequenceMemory, of generator: Generator
    ) {
        (self.prompt, promptTokens, self.sample) = (prompt.number, prompt.tokens, sample)
        self.memory = memory
        (settings, ends, stopTokens) = (generator.settings, generator.ends, generator.stopTokens)
        taken = generator.tuning?.positionCount ?? 0
        context = generator.model.config.context
        stream = TextStream(
            after: prompt.tokens, tokenizer: generator.tokenizer, stops: generator.stops)
    }

    /// The token that the next pass reads.
    var last: Int32 { tokens.last ?? promptTokens.last ?? 0 }

    /// Where that pass goes on.
    var continuation: Layout.Continuation {
        let seen = promptTokens.count + tokens.count - 1
        return Layout.Continuation(position: taken + seen, before: seen, prompt: promptTokens.count)
    }

    /// The likeliest token, where nothing of its logits has to be changed or drawn from; it is all that is looked at.
    var takesLikeliest: Bool { settings.sampling == nil && settings.repetitionPenalty == 1 }

    /// The token after what there is.
    ///
    /// - `logits`: of the whole vocabulary.
    func chosen(from logits: [Float]) -> Int32 {
        let logits = settings.penalised(logits, after: promptTokens + tokens)
        guard let sampling = settings.sampling else {
            return Int32(logits.indices.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0)
        }
        // Which number is drawn nothing decides but the seed, the text and the place in it.
        let draws = CounterRandom(seed: settings.seed, purpose: "generate.\(sample)", step: prompt)
        let place = Double(draws[UInt64(tokens.count)] >> 11) * 0x1p-53
        return Int32(TokenChoice(logits, by: sampling).token(at: place))
    }

    /// Adds a token, which may end the text.
    mutating func add(_ token: Int32) -> WritingProgress {
        var text = ""
        if !settings.ignoresEnds, ends.contains(token) {
            ending = stopTokens.contains(token) ? .stop : .end
        } else {
            tokens.append(token)
            text = stream.add(token)
            if stream.isStopped {
                ending = .stop
            } else if tokens.count >= settings.maxTokens {
                ending = .maxTokens
            } else if taken + promptTokens.count + tokens.count > context {
                ending = .context
            }
        }
        if ending != nil { text += stream.finish() }
        return WritingProgress(
            prompt: prompt, sample: sample, text: text, tokens: tokens.count, ending: ending)
    }

    var written: WrittenText {
        WrittenText(
            prompt: prompt, sample: sample, text: stream.text, tokens: tokens, ending: ending ?? .maxTokens)
    }
}
