import Learning

extension Trainer {
    /// The rates that its updates go by, as a cell names them; none where the optimizer goes by one of its own.
    package var rates: [(name: String, rate: Float)] {
        guard settings.optimizer.ownRate(at: 1) == nil else { return [] }
        let parts = settings.rates ?? PartRates()
        let isCovered = parts.cover(trainedParameters, of: model, head: Set(task.parameters.map(\.name)))
        let all: [(name: String, rate: Float)] = isCovered ? [] : [("lr", settings.lr)]
        return all + parts.given.map { (name: "lr.\($0.name)", rate: $0.rate) }
    }

    /// What to try where updates have come to no numbers.
    var advice: String {
        let rates = rates
        var tries: [String] = []
        if rates.count == 1 { tries.append("a smaller \(rates[0].name) (now \(rates[0].rate))") }
        if rates.count > 1 {
            let now = rates.map { "\($0.name) \($0.rate)" }.joined(separator: ", ")
            tries.append("smaller rates (now \(now))")
        }
        if settings.clip == 0 || settings.clip > 1 { tries.append("clip=1") }
        if tries.isEmpty { tries.append("relative_step=no and an lr") }
        let hint = "try \(tries.joined(separator: " or "))"
        return hint
    }
}
