import Display

/// How long a run still takes, estimated anew from what its steps and judgements have taken so far.
///
/// Steps of the last epoch count, since the first one is slower where a frozen trunk's outputs are kept; the very first
/// step, to which memory and weights are new, counts as long as it is the only one.
struct TimeLeft {
    private let window: Int
    /// Seconds that all steps so far have taken together, after each; 0 before the first.
    private var spent = [0.0]
    private var judged = (count: 0, seconds: 0.0)
    /// What a judgement is thought to take, before one has been seen.
    private let judgement: Double

    /// - `stepsPerEpoch`: how many steps count, at least 20.
    init(stepsPerEpoch: Int, judgement: Double = 0) {
        (window, self.judgement) = (max(20, stepsPerEpoch), judgement)
    }

    mutating func addStep(seconds: Double) { spent.append((spent.last ?? 0) + max(0, seconds)) }

    mutating func addJudgement(seconds: Double) {
        judged = (judged.count + 1, judged.seconds + max(0, seconds))
    }

    /// Seconds; nil before the first step.
    ///
    /// - `allowed`: after which it ends, but for a last judgement; nil for no limit.
    func seconds(steps: Int, judgements: Int, allowed: Double? = nil) -> Double? {
        let seen = spent.count - 1
        let counted = min(window, seen > 1 ? seen - 1 : seen)
        guard counted > 0, let last = spent.last else { return nil }
        let each = (last - spent[spent.count - 1 - counted]) / Double(counted)
        let judging = judged.count > 0 ? judged.seconds / Double(judged.count) : judgement
        let whole = each * Double(steps) + judging * Double(judgements)
        return allowed.map { min(whole, $0 + (judgements > 0 ? judging : 0)) } ?? whole
    }

    /// `26 s left`, in whole seconds, one at least.
    static func text(_ seconds: Double) -> String {
        let whole = max(1, seconds.rounded(.up))
        return (whole < 10 ? "\(Int(whole)) s" : NumberStyle.seconds.text(whole)) + " left"
    }
}
