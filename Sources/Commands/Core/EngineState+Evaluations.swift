import Datasets
import Language
import Training

extension EngineState {
    /// Whether answers come from a classifier that has learned nothing.
    var hasUntrainedHead: Bool {
        let hasHead = task.map { !$0.parameters.isEmpty } ?? (data?.template == nil)
        return hasHead && !isHeadTrained
    }

    /// The last evaluation where it is of a part of the loaded data, or whatever it is of where none is asked for.
    func lastEvaluation(on split: Split?) -> EvaluationResult? {
        guard let split else { return evaluation }
        return evaluatedData == nil && evaluation?.split == split ? evaluation : nil
    }

    /// The last evaluation, and one of those that can be compared.
    ///
    /// - `dataset`: that it is of; `isOther`: whether that is not the loaded one.
    /// - `judged`: whose weights it is of.
    mutating func keep(
        _ result: EvaluationResult, of dataset: Dataset, by judged: EngineState, isOther: Bool = false,
        as name: String
    ) {
        evaluation = result
        evaluatedData = isOther ? dataset : nil
        evaluations.keep(
            NamedEvaluation(name, result, of: dataset, isUntrained: judged.hasUntrainedHead))
    }
}

extension ValueSource {
    /// What `evaluate of=` names.
    static let evaluated = ValueSource("run to judge")
}
