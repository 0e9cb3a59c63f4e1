import Learning
import Models

extension Tuning {
    /// All that a run trains: a method's tuning without what the task does not read, the task's own parameters, and what
    /// the settings say of rates, decay, dropout and noise.
    ///
    /// - Throws: `nothing-to-train` for a rate of a part of which nothing is trained.
    func whole(
        for task: any LearningTask, of model: any LanguageModel, _ settings: TrainerSettings
    ) throws -> Tuning {
        var whole = freezing(task.unreadNames(of: model, under: self)).joined(with: head(of: task))
        whole.dropout = settings.dropout ?? DropoutRates()
        whole.noise = settings.noise ?? 0
        whole.phases = whole.phases?.among(Set(whole.trainedParameters.map(\.name)))
        if let rates = settings.rates {
            whole.groups = try rates.applied(
                to: whole.groups, of: model, head: Set(task.parameters.map(\.name)), lr: settings.lr)
        }
        if settings.sparesBiases == true {
            whole.groups = WeightDecayScope.sparing(whole.groups, of: model)
        }
        return whole
    }

    /// The task's parameters, to be trained; nothing where this tuning has them already.
    private func head(of task: any LearningTask) -> Tuning {
        var head = Tuning()
        let own = task.parameters.filter { replaced[$0.name] == nil }.map { $0.copy() }
        if !own.isEmpty { head.groups = [ParameterGroup(own)] }
        for parameter in own + task.buffers.map({ $0.copy() }) { head.replaced[parameter.name] = parameter }
        return head
    }
}
