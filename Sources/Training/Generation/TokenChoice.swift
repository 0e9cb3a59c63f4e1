import Foundation

/// What may come next: the tokens that filters leave, and how likely each of them is.
package struct TokenChoice: Sendable {
    /// Token numbers, the likeliest first where a filter had to know the order, else in that of the vocabulary.
    package let tokens: [Int]
    /// Of each, 1 in all.
    package let probabilities: [Double]

    /// - `logits`: of the whole vocabulary.
    package init(_ logits: [Float], by sampling: GenerationSettings.Sampling) {
        // Rounded as the reference rounds, so that the same tokens are equally likely.
        let scores = sampling.temperature == 1 ? logits : logits.map { $0 / sampling.temperature }
        let top = Double(scores.max() ?? 0)
        func weight(_ token: Int) -> Double { exp(Double(scores[token]) - top) }
        var kept = Array(scores.indices)
        if let topK = sampling.topK, topK < scores.count {
            let order = Self.likeliest(scores, among: kept) { $0.count >= topK }
            // Those as likely as the last one stay with it.
            let last = scores[order[topK - 1]]
            kept = order.filter { scores[$0] >= last }
        }
        if let topP = sampling.topP, topP < 1 {
            let wanted = topP * kept.reduce(0) { $0 + weight($1) }
            let order = Self.likeliest(scores, among: kept) { $0.reduce(0) { $0 + weight($1) } >= wanted }
            var above = 0.0
            kept = Array(
                order.prefix { token in
                    defer { above += weight(token) }
                    return above < wanted || above == 0
                })
        }
        if let minP = sampling.minP { kept = kept.filter { weight($0) >= minP } }
        let weights = kept.map(weight)
        let sum = weights.reduce(0, +)
        (tokens, probabilities) = (kept, weights.map { $0 / sum })
    }

    /// The token at a place of the probabilities laid side by side.
    ///
    /// - `place`: from 0 up to and without 1.
    package func token(at place: Double) -> Int {
        var sum = 0.0
        for (token, probability) in zip(tokens, probabilities) {
            sum += probability
            if place < sum { return token }
        }
        // Rounding has left the sum a little below 1.
        return tokens.last ?? 0
    }

    /// The likeliest tokens in order, equal ones in that of the vocabulary: as many as are enough, or more.
    ///
    /// Few matter as a rule, so that sorting all would be most of the work.
    private static func likeliest(
        _ scores: [Float], among kept: [Int], isEnough: ([Int]) -> Bool
    ) -> [Int] {
        let top = scores.max() ?? 0
        func sorted(_ tokens: [Int]) -> [Int] {
            tokens.sorted { (scores[$1], $0) < (scores[$0], $1) }
        }
        for width: Float in [2, 4, 8, 16] {
            let near = kept.filter { scores[$0] >= top - width }
            if isEnough(near) { return sorted(near) }
        }
        return sorted(kept)
    }
}

extension GenerationSettings {
    /// Logits with the penalty on what is there already: each token once, however often it stands there.
    package func penalised(_ logits: [Float], after tokens: some Sequence<Int32>) -> [Float] {
        guard repetitionPenalty != 1 else { return logits }
        var logits = logits
        for token in Set(tokens) where logits.indices.contains(Int(token)) {
            let logit = logits[Int(token)]
            logits[Int(token)] = logit < 0 ? logit * repetitionPenalty : logit / repetitionPenalty
        }
        return logits
    }
}
