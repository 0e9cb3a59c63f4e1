import Language

extension CommandGroup {
    static let model = CommandGroup("model", "what to tune")
    static let data = CommandGroup("data", "on what")
    static let method = CommandGroup("method", "how the model may change")
    static let train = CommandGroup("train", "learning")
    static let judge = CommandGroup("judge", "how good it is")
    static let experiment = CommandGroup("experiment", "many runs")
    static let look = CommandGroup("look", "plots and tables")
    static let share = CommandGroup("share", "files for others")
    static let session = CommandGroup("session", "the kernel itself")
}
