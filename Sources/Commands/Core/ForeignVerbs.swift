import Language

/// Verbs that people try: what is planned, and other tools' words.
enum ForeignVerbs {
    static let all = lists.flatMap(\.self)

    /// Those that are none of these commands: a planned one that has come is on no list any more.
    static func beside(_ commands: [CommandDeclaration]) -> [ForeignVerb] {
        let ours = Set(commands.map(\.verb))
        return all.filter { !$0.isPlanned || !ours.contains($0.name) }
    }

    private static let lists: [[ForeignVerb]] = [
        instead(
            "write train, which tunes the model on the loaded data", "fit", "finetune", "fine_tune",
            "fine-tune",
            "learn", "run", "start", "continue"),
        instead(
            "write evaluate, which judges the model on the test part", "test", "score", "validate",
            "accuracy", "metrics", "benchmark"),
        instead("write predict and a text in quotes", "classify", "infer", "inference", "ask"),
        instead("write load and the name of a data set or path=FILE", "dataset", "data", "read", "read_csv"),
        instead("write model and a name; model minilm is a small one", "download", "pull", "base"),
        instead(
            "write status, params or describe: the session, the model, the data", "summary", "info", "state"),
        instead(
            "write plot loss or table epochs, which show how training went", "history", "log", "logs",
            "curves"),
        instead("write show tokens, which shows what the model reads", "tokenize", "encode"),
        instead("write echo and a text, or the variable alone: $x", "print", "puts", "console.log"),
        instead("write save and a folder", "export_adapter", "write", "store"),
        instead("write lora, or full for all weights", "peft", "qlora", "adapter", "adapt", "dora"),
        instead("write reset, which forgets what the session knows", "forget", "unload", "delete", "restart"),
        instead("write help, which lists the verbs", "man", "verbs", "commands", "usage"),
        instead(
            "the front end ends the kernel (Kernel > Shut Down); write reset to begin anew", "exit", "quit",
            "bye",
            "shutdown", "stop"),
        instead(
            "a cell holds statements of Lorikeet, not Python; write help for the verbs", "import", "from",
            "def",
            "for", "while", "if", "class", "with", "python", "pip", "conda"),
        instead(
            "write lora r=8 alpha=16, which attaches an adapter to the model", "loraconfig", "get_peft_model",
            "peftconfig", "prepare_model_for_kbit_training"),
        instead("write ia3, which attaches vectors to the model", "ia3config"),
        instead(
            "write prompt_tuning tokens=20, which attaches virtual tokens", "prompttuningconfig",
            "soft_prompt"),
        instead("write prefix_tuning tokens=20, which attaches a prefix", "prefixtuningconfig"),
        instead(
            "write reft, or reft kind=direft, which changes what blocks give", "loreft", "direft", "noreft",
            "reftconfig", "get_reft_model"),
        instead("write train optimizer=sgd momentum=0.9, or optimizer=adamw", "sgd", "adamw", "optimizer"),
        instead(
            "write train epochs=3 lr=1e-4, which tunes the model on the loaded data", "trainer",
            "trainingarguments", "sfttrainer", "sftconfig", "seq2seqtrainer", "accelerate"),
        instead(
            "write model and a name, which brings its tokenizer too", "from_pretrained", "transformers",
            "automodel", "automodelforsequenceclassification", "automodelforcausallm", "autotokenizer",
            "autoconfig"),
        instead(
            "write load and the name of a data set or path=FILE", "load_dataset", "datasets",
            "train_test_split"),
        instead(
            "write save and a folder; merge writes a whole model", "save_pretrained", "save_model",
            "push_to_hub"),
        instead("write merge and a folder, which adds the adapter to the weights", "merge_and_unload"),
        instead("write open and the folder of an adapter", "peftmodel"),
        instead("write predict and a text in quotes, or a file", "pipeline"),
        instead(
            "the shell is not reached from here, use a terminal; write help for the verbs", "ls", "cd", "pwd",
            "cat",
            "git", "bash", "sh", "sudo", "apt", "mkdir", "rm", "cp", "mv"),
        later("write one lora and train for each value meanwhile", "sweep", "tune", "meta", "curve"),
        later("write table classes or table epochs meanwhile", "pivot", "compare", "report"),
        later("write lora or full meanwhile", "dpo"),
        later("write evaluate meanwhile", "perplexity", "judge", "baseline"),
        later("write predict and a text in quotes meanwhile", "generate", "chat", "label"),
        later("write plot lengths or describe meanwhile", "lengths", "words", "wordcloud", "sql"),
        later("write load with balanced=yes, train= and test= meanwhile", "balance", "split", "augment"),
        later("write save or merge meanwhile", "script"),
        later("write set workers=2 meanwhile, for the cores of this machine", "cluster"),
    ]

    private static func instead(_ hint: String, _ names: String...) -> [ForeignVerb] {
        names.map { ForeignVerb($0, hint: hint) }
    }

    private static func later(_ hint: String, _ names: String...) -> [ForeignVerb] {
        names.map { ForeignVerb($0, isPlanned: true, hint: hint) }
    }
}
