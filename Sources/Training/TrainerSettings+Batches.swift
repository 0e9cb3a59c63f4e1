import Diagnostics

extension TrainerSettings {
    /// - Throws: `batch-of-one` where a batch, the last one of an epoch perhaps, has fewer examples than can be learned
    ///   from.
    func checkBatches(of count: Int, for task: any LearningTask) throws {
        func isTooSmall(_ batch: Int) -> Bool {
            let rest = count % batch
            return min(batch, count) < task.leastBatch || rest > 0 && rest < task.leastBatch
        }
        guard task.leastBatch > 1, isTooSmall(batch) else { return }
        let better = (max(2, batch)...(batch + count + 2)).first { !isTooSmall($0) }
        throw Diagnostic(
            "batch-of-one",
            "\(count) texts in batches of \(batch) leave one alone, which has no spread for a batch norm to go by",
            about: "batch", hint: better.map { "write batch=\($0)" })
    }
}
