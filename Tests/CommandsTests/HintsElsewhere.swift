extension Hint {
    /// Those that no statement can be made to give, and why.
    static let outside: [String: String] = [
        "take an encoder such as minilm": "no data are read so on a decoder: MaskedModellingTests",
        "take an encoder whose tokenizer has [MASK], such as minilm": "a tokenizer without a mask",
        "load texts with label=none and train, which makes one": "an encoder without a head: MaskWriterTests",
        "load texts with label=none and train, which makes one; or take a decoder such as smollm2":
            "an encoder without a head: MaskVerbTests",
        "merge each into its model, or name adapters of a base that has such a head":
            "needs saved adapters of an encoder without a head",
        "write instruction= that asks for one of …, or another prompt=":
            "a model whose answers name no class: LabelVerbTests",
        "type=f32 writes the values as they are": "a model that four bits do not suit: ExportedModelTests",
        "make the folder first, or name another file": "asked by run, on the command line: Tests/Tools",
        "load the model again with head.norm=batch":
            "a head that was made before the folder was opened: SavedMethodTests",
        "load the model again without head.norm=batch":
            "a head that was made before the folder was opened: SavedMethodTests",
        "train the adapters without head.norm=batch after model": "needs saved adapters: CombineVerbTests",
        "name another folder": "needs saved adapters: CombineVerbTests",
        "save what is wanted of them, then write resume …": "needs an interrupted run: ResumedElsewhereTests",
        "train as=NAME goes on from the weights that are here": "needs two sessions: ResumedElsewhereTests",
        "write resume … again": "needs another process at the same moment",
        "put back there what lay there when it was begun": "needs an opened adapter: ResumedElsewhereTests",
        "load the model that it was made for": "an adapter of a deeper model: ReFTTests",
        "write lora, or the method that was trained, which begins anew, then train with a smaller lr":
            "weights that are no numbers: NotFiniteTests",
        "leave it out for the loss, or write by=accuracy":
            "needs a validation part of one class: ValidationSetsVerbTests",
        "name another file": "needs a disk that fails while a notebook is written",
        "set a variable with name=value": "asked by front ends, as a user expression",
        "set the value in the notebook instead": "asked by front ends without input",
        "set the variable with name=value": "asked at a terminal",
        "wait until it has ended, or name this run otherwise with as=": "needs another process: RunTests",
        "resume … anyway=yes goes on all the same, with other bytes than it would have had":
            "needs another kind of processor: ResumeVerbTests",
        "set runs=FOLDER names a folder": "asked where a program keeps no runs",
        "train as=NAME keeps one under a name": "asked where the folder is empty",
        "ask for fewer in train, validation or test":
            "needs equal texts that fill a part: StratifiedDrawTests",
        "write prompt=chatml, or another template that says the same":
            "a model with a template of its own: ChatTemplateTests",
        "load file path=… text=COLUMN label=COLUMN reads it as it is": "needs IMDB's own file, changed",
        "leave encoding= out": "needs duckdb",
        "name a file in it": "a folder where a table of a data set is expected",
        "try precision=native, which keeps them as stored": "needs a model larger than the memory",
        ", or precision=nf4, which makes four bits of them": "needs a model larger than the memory",
        "the nearest name there is …": "a damaged model: Tests/ModelsTests",
        "the nearest name in the model is …": "a damaged adapter: Tests/TrainingTests",
        "set max_length=… or less": "a decoder with few positions: Tests/ModelsTests",
        "load it with train=…": "load refuses an empty training part",
        "write combine FIRST SECOND to=FOLDER": "needs saved adapters: CombineVerbTests",
        "name adapters that were saved after their training": "needs saved adapters: CombineVerbTests",
        "write how=svd or how=cat": "needs saved adapters: CombineVerbTests",
        "write weights=…, one for each": "needs saved adapters: CombineVerbTests",
        "write weights that add up to more": "needs saved adapters: CombineVerbTests",
        "name adapters of one task": "needs saved adapters: CombineVerbTests",
        "write dora=no, or targets without it": "a table as a target: LoRAVariantTests",
        "leave loraplus out, or name targets without it": "a table as a target: LoRAVariantTests",
        "was its vocabulary resized, or the model loaded at another precision? load the base that it was made on":
            "a foreign adapter: AdapterTensorsTests",
        "leave tokens out, or name targets without the table": "a table as a target: LoRAVariantTests",
        "name adapters of lora as it is by default": "needs saved adapters: CombinedAdaptersTests",
        "write an alpha above 0": "a foreign adapter: AdapterTests",
        "write init=kaiming, or targets without it": "a model of GPT-2's family: LoRAVariantTests",
        "leave bias out": "a model of LLaMA's family: LoRAVariantTests",
        "write c_attn:16": "a model of GPT-2's family: LoRAVariantTests",
        "set use_dora to true there if DoRA made it": "a foreign adapter: AdapterTensorsTests",
        "write targets=c_attn": "a model of GPT-2's family: IA3Tests",
        "write words in it, as text='Is this good or bad?'":
            "a tokenizer without special tokens that makes nothing of a text: SoftPromptMethodTests",
        "write a few words that the text is to go on from":
            "a tokenizer that puts no token of its own before a text: GeneratorTests",
        "load the adapter's own base model": "a foreign adapter: SoftPromptTests",
        "write lora before it, or load the data without prompt=, for a classifier":
            "a decoder that writes through its word table: HeadMethodTests",
        "write norms, which are as few, or head for the classifier alone":
            "a model of LLaMA's family: BitFitTests",
        "write lm_head for a language head of its own":
            "a decoder with two tables: WeightSelectionTests",
        "write c_attn, which is all three": "a model of GPT-2's family: WeightSelectionTests",
        "please report this with the model's name": "our mistake, not a person's",
        "activate one, or name its folder with --prefix": "asked by install, on the command line",
        "name the one to open": "several checkpoints in one folder",
        "name a .lk script or a .ipynb notebook": "asked by run, on the command line: Tests/Tools",
        "name a .lk script or a .ipynb notebook in it": "asked by run, on the command line: Tests/Tools",
        "load reads data sets": "asked by run, on the command line: Tests/Tools",
        "take the model's weights as floats (f32, f16, bf16), in bitsandbytes' four bits, or quantised in a GGUF file":
            "a foreign model: ModelFilesTests",
        "precision=native keeps them so, precision=f32 expands them": "a quantised model: FourBitTests",
        "do config and weights belong together? take the key out where the weights are floats":
            "a foreign model: FourBitTests",
        "take the head as floats (f32, f16, bf16)": "a foreign head: Tests/TrainingTests",
        "take the adapter's weights as floats (f32, f16, bf16)": "a foreign adapter: AdapterTensorsTests",
        "was it saved after a training that diverged, or damaged? take an earlier copy of the file":
            "a damaged file: ModelFilesTests, AdapterTensorsTests",
        "choose a path in a folder that is there": "a path of a folder that is not: Tests/SystemTests",
        "choose a path where you may write": "a folder of others: Tests/SystemTests",
        "write resume, which goes on to its next validation": "an interrupted run: UseVerbTests",
        "free some space there, or choose a path on another disk": "a full disk: Tests/SystemTests",
        "model … takes it as a base to tune; ignore=architectures opens the head all the same":
            "a foreign model: ModelFilesTests",
        "pooling=mean, or cls or last, takes another": "a foreign model: ModelFilesTests follow it",
        "put the file there, or take the module away": "a foreign model: ModelFilesTests",
        "PEFT trains both as one with ensure_weight_tying=True": "a foreign adapter: AdapterTensorsTests",
        "set LORIKEET_HOME to a folder that can": "needs a cache that is not writable",
        "check the name": "needs the hub", "expected owner/name": "needs the hub",
        "choose a model that has, or convert it and name the folder": "needs the hub",
        "try again with a network": "needs a network that fails", "try again": "needs a network that fails",
        "try again with a network, or name a folder that holds the model": "needs a network that fails",
        "try again later": "needs a network that fails",
        "try again with a network, or put … into …": "needs a network that fails",
        "try again; if it stays, the package index serves another file": "needs an index that changes",
        "let the name end in .csv": "needs a machine without gnuplot",
        "name one that is in PATH, or write its whole path": "an outside judge: OutsideJudgeTests",
        "give it the same lines in a terminal to see what is wrong": "an outside judge: OutsideJudgeTests",
        "it is to write a number a line and nothing else on its standard output":
            "an outside judge: OutsideJudgeTests",
        "let it write numbers from 0 to 100, or null where it can say nothing":
            "an outside judge: OutsideJudgeTests",
        "it is to write a line for each line that it reads, in their order":
            "an outside judge: OutsideJudgeTests",
        "load its data, or leave it out": "needs a folder of runs: CompareVerbTests",
        "leave … out of …=": "classes whose names no list can hold: ValidationSetsVerbTests",
        "install python3-pip, or name a Python that has it in LORIKEET_PYTHON": "needs a machine without pip",
    ]
}
