import Language
import Training

/// Every verb, in the order in which help lists them.
package enum CommandRegistry {
    package static let commands: [any Command] =
        [
            ModelCommand(), ParamsCommand(), FreezeCommand(freezes: true), FreezeCommand(freezes: false),
            UseCommand(), LoadCommand(), ShowCommand(), DescribeCommand(),
        ] + MethodRegistry.all.map(MethodCommand.init) + [
            TrainCommand(), TrainCommand(ofPreferences: true), ResumeCommand(), LRFindCommand(),
            EvaluateCommand(), PerplexityCommand(), ConfusionCommand(), BaselineCommand(), CompareCommand(),
            PredictCommand(), GenerateCommand(), ChatCommand(), LabelCommand(), JudgeCommand(),
            PlotCommand(),
            TableCommand(), RunsCommand(), SaveCommand(), OpenCommand(), CombineCommand(), MergeCommand(),
            ExportCommand(),
            HelpCommand(),
            StatusCommand(),
            SetCommand(), ResetCommand(), EchoCommand(),
            SleepCommand(),
            ClearCommand(), VersionCommand(),
        ]

    package static let lexicon: Lexicon = {
        let declared = commands.map(\.declaration)
        return Lexicon(declared, foreign: ForeignVerbs.beside(declared))
    }()
}
