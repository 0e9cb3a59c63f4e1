import Diagnostics

/// Every task; the first that suits is meant.
package enum TaskRegistry {
    package static let all: [TaskDeclaration] = [
        AnswerWriting.declaration, SequenceClassification.declaration, Regression.declaration,
        TextWriting.declaration, MaskedModelling.declaration, TextModelling.declaration,
        PreferenceLearning.declaration,
    ]

    /// - Throws: `no-classes`, or what the task needs and has not.
    package static func task(for request: TaskRequest) throws -> any LearningTask {
        if let meant = all.first(where: { $0.suits(request) }) {
            return ContextTask(try meant.task(for: request))
        }
        let columns = request.dataset.classColumns
        throw Diagnostic(
            "no-classes", "the data set \(request.dataset.name) has no classes to learn",
            hint: columns.isEmpty
                ? "a column with classes is needed beside the texts, as load toy has it; label=none in load learns the texts themselves"
                : "label=COLUMN in load names the one with the classes: \(columns.joined(separator: ", "))")
    }
}
