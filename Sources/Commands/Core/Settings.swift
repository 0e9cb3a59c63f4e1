import JSON

/// What `set` changes.
package struct Settings: Sendable, Hashable {
    /// Whether outputs may hold wall-clock text; off makes them repeatable to the letter.
    package var showsTimes = true
    /// Cores at work; nil takes all.
    package var workers: Int?
    /// Where commands without a seed of their own begin.
    package var seed = 42
    /// The most memory that a command may plan for, in bytes; nil asks the machine.
    package var memoryLimit: Int?
    /// The folder that runs write their states into; nil takes the usual one.
    package var runs: String?

    /// Takes over the settings that a statement changed.
    mutating func adopt(_ changed: Settings, since base: Settings) {
        func merge<Value: Equatable>(_ setting: WritableKeyPath<Settings, Value>) {
            guard changed[keyPath: setting] != base[keyPath: setting] else { return }
            self[keyPath: setting] = changed[keyPath: setting]
        }
        merge(\.showsTimes)
        merge(\.workers)
        merge(\.seed)
        merge(\.memoryLimit)
        merge(\.runs)
    }
}
