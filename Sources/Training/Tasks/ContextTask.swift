import Compute
import Datasets
import Diagnostics
import Learning
import Models

/// A task whose texts may have passages before them: everything else is the task's own.
final class ContextTask: LearningTask {
    private let task: any LearningTask
    let encoder: any Encoder

    init(_ task: any LearningTask) {
        self.task = task
        encoder = ContextEncoder(inner: task.encoder)
    }

    var loss: any Loss { task.loss }
    var readout: Readout { task.readout }
    func judge() -> any Judge { task.judge() }
    func prepared(
        _ examples: [EncodedExample], by model: any LanguageModel, workers: Workers,
        interruption: Interruption
    ) throws -> [EncodedExample] {
        try task.prepared(examples, by: model, workers: workers, interruption: interruption)
    }
    func adopting(_ choice: PreferenceChoice?) -> any LearningTask { ContextTask(task.adopting(choice)) }
    var scoring: WordScoring? { task.scoring }
    func scored(by scoring: WordScoring) -> (any LearningTask)? {
        task.scored(by: scoring).map(ContextTask.init)
    }
    var shots: [Shot] { task.shots }
    func shot(of example: Example) -> Shot? { task.shot(of: example) }
    func tokenCount(of shots: [Shot]) -> Int { task.tokenCount(of: shots) }
    func after(_ shots: [Shot]) -> (any LearningTask)? { task.after(shots).map(ContextTask.init) }
    var summary: String { task.summary }
    var remarks: [String] { task.remarks }
    var labels: [String] { task.labels }
    var template: PromptTemplate? { task.template }
    var masking: Masking? { task.masking }
    var couplesExamples: Bool { task.couplesExamples }
    var leastBatch: Int { task.leastBatch }
}
