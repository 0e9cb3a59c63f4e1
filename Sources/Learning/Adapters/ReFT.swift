/// Representation finetuning of what a block gives, at a prompt's first and last tokens (Wu et al. 2024).
package final class ReFT: BlockHook {
    /// How many of a prompt's tokens at each end, half of its tokens at most.
    package let first, last: Int
    /// One for both ends, or for the only one; else the first tokens' and the last ones'.
    package let interventions: [Intervention]
    /// Of what a token becomes, in training.
    package let dropout: Float

    package init(first: Int, last: Int, interventions: [Intervention], dropout: Float) {
        precondition(
            interventions.count == 1 || interventions.count == 2 && first > 0 && last > 0,
            "\(interventions.count) interventions at \(first) + \(last) tokens")
        (self.first, self.last, self.dropout) = (first, last, dropout)
        self.interventions = interventions
    }

    package var parameters: [Parameter] { interventions.flatMap(\.parameters) }
    package var groups: [ParameterGroup] { interventions.flatMap(\.groups) }

    package func with(_ own: (Parameter) -> Parameter) -> ReFT {
        ReFT(
            first: first, last: last, interventions: interventions.map { $0.with(own) }, dropout: dropout)
    }

    /// Which tokens are first ones depends on where the prompt ends, in those of it that are nearer to its end than
    /// this.
    package var endCount: Int { max(first, last) }

    /// Each moved token as it was, and how far along the directions it was moved.
    package func keptValues(ofWidth width: Int) -> Int {
        (first + last) * (width + (interventions.map(\.rank).max() ?? 0))
    }

    package func adjust(_ h: Tensor, _ pass: Pass) throws -> Tensor {
        let ends = places(pass.layout)
        guard interventions.count == 2 else {
            return pass.intervene(h, at: ends.first + ends.last, by: interventions[0], dropout: dropout)
        }
        let begun = pass.intervene(
            h, at: ends.first, by: interventions[0], dropout: dropout, isIntermediate: true)
        return pass.intervene(begun, at: ends.last, by: interventions[1], dropout: dropout)
    }

    /// The rows of each end's tokens, as pyreft's `get_intervention_locations` has them.
    private func places(_ layout: Layout) -> (first: [Int], last: [Int]) {
        var ends: (first: [Int], last: [Int]) = ([], [])
        for sequence in 0..<layout.sequenceCount {
            let prompt = layout.prompt(of: sequence)
            let (first, last) = (min(first, prompt.count / 2), min(last, prompt.count / 2))
            for (index, row) in prompt.rows.enumerated() {
                let place = prompt.before + index
                if place < first { ends.first.append(row) }
                if place >= prompt.count - last { ends.last.append(row) }
            }
        }
        return ends
    }
}
