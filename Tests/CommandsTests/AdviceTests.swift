import Diagnostics
import Language
import Testing

@testable import Commands

/// What people bring from elsewhere leads on.
@Suite struct AdviceTests {
    private func prepared() -> Bench {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=16")
        return bench
    }

    @Test func aLoraConfigOfPEFTIsAccepted() {
        let bench = prepared()
        let outcome = bench.run(
            """
            lora r=8, lora_alpha=16, lora_dropout=0.05, target_modules=["query","value"], bias="none", \\
              task_type="SEQ_CLS", inference_mode=False, use_rslora=True, init_lora_weights=gaussian, \\
              modules_to_save=["classifier"], use_dora=False, fan_in_fan_out=False, layers_to_transform=[0,1]
            """)
        #expect(outcome.statements.last?.diagnostic == nil)
        #expect(bench.output.text.contains("task_type is passed over"))
        #expect(bench.output.text.contains("modules_to_save is passed over"))
    }

    @Test func trainingArgumentsOfTransformersAreAccepted() {
        let bench = prepared()
        let outcome = bench.run(
            """
            train output_dir=out num_train_epochs=1 per_device_train_batch_size=8 per_device_eval_batch_size=8 \\
              gradient_accumulation_steps=1 learning_rate=1e-3 lr_scheduler_type=linear warmup_ratio=0.1 \\
              weight_decay=0.01 max_grad_norm=1.0 logging_steps=10 save_strategy=epoch eval_strategy=steps eval_steps=1 \\
              report_to=none fp16=True gradient_checkpointing=True seed=1 optim=adamw_torch adam_beta1=0.9 \\
              adam_beta2=0.999 adam_epsilon=1e-8 label_smoothing_factor=0.0 load_best_model_at_end=False \\
              metric_for_best_model=eval_loss greater_is_better=False early_stopping_patience=3 max_steps=2
            """)
        #expect(
            outcome.statements.last?.diagnostic == nil,
            "\(outcome.statements.last?.diagnostic?.description ?? "")")
        for key in ["output_dir", "logging_steps", "save_strategy", "report_to", "fp16"] {
            #expect(bench.output.text.contains("\(key) is passed over: "), "\(key)")
        }
    }

    @Test(arguments: [
        "train optim_args=x", "lora use_qalora=True",
        "lora lora_bias=True", "lora modules_to_save=[embed_tokens]", "train eval_strategy=often",
        "lora loftq_config={'q':4}", "model nano load_in_4bit=True",
        "train group_by_length=True", "load toy test_size=0.2",
    ])
    func whatIsNotThereIsRefusedByName(line: String) throws {
        let problem = try #require(prepared().problem(line))
        #expect(problem.code == "unsupported-key")
        let key = try #require(line.split(separator: " ").last?.split(separator: "=").first)
        #expect(problem.message.contains(key))
        #expect(problem.hint?.contains("leave \(key) out") == true)
    }

    /// What other tools write for "not given" in their own words; under our names it stays nonsense.
    @Test(arguments: [
        ("train max_steps=-1 epochs=1", "max_steps=-1 is passed over"),
        ("lora layers_to_transform=None", "layers_to_transform=None is passed over"),
        ("lora target_modules=None", "target_modules=None is passed over"),
    ])
    func anotherToolsNotGivenIsPassedOver(line: String, note: String) {
        let bench = prepared()
        #expect(bench.problem(line) == nil)
        #expect(bench.output.text.contains(note))
        #expect(prepared().problem("train steps=-1") != nil)
    }

    @Test func aRunThatIsAllWarmupIsRemarked() {
        for (warmup, isRemarked) in [("2k", true), ("100%", true), ("1", false), ("0", false)] {
            let bench = prepared()
            #expect(bench.problem("train warmup=\(warmup) steps=2") == nil)
            let shown = bench.output.events.map { event in
                if case .display(let bundle, _) = event { bundle.plain } else { "" }
            }.joined()
            #expect(shown.contains("all 2 steps are warmup") == isRemarked, "\(warmup)")
        }
    }

    /// Every long name that is accepted for one of ours, in a statement of its own.
    @Test func everyAliasWorks() throws {
        for command in CommandRegistry.commands.map(\.declaration) {
            for parameter in command.parameters {
                for alias in parameter.aliases {
                    #expect(command.parameter(named: alias)?.name == parameter.name)
                    #expect(command.foreignKeyNames.contains(alias) == false, "\(command.verb) \(alias)")
                }
            }
            #expect(
                Set(command.foreignKeyNames).count == command.foreign.count, "\(command.verb): a key twice")
        }
    }

    @Test func aForeignVerbIsNoneOfOurs() {
        for verb in ForeignVerbs.beside(CommandRegistry.lexicon.commands) {
            #expect(CommandRegistry.lexicon[verb.name] == nil, "\(verb.name) is there: take it off the list")
        }
        #expect(Set(ForeignVerbs.all.map(\.name)).count == ForeignVerbs.all.count)
    }

    /// `write VERB` in a hint names a verb that is there.
    @Test(arguments: ForeignVerbs.beside(CommandRegistry.lexicon.commands))
    func aForeignVerbPointsAtOneOfOurs(verb: ForeignVerb) throws {
        let bench = prepared()
        let problem = try #require(bench.problem(verb.name))
        #expect(problem.code == (verb.isPlanned ? "planned-verb" : "unknown-verb"))
        let words = verb.hint.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).map(
            String.init)
        let after = try #require(words.firstIndex(of: "write").map { words[$0 + 1] })
        #expect(CommandRegistry.lexicon[after] != nil || after == "one", "\(verb.hint)")
    }

    @Test(arguments: [
        ("help lr", ["train lr: learning rate"]), ("help lora r", ["lora r: rank"]),
        ("help learning_rate", ["train lr"]), ("help seed", ["load seed", "train seed", "set seed"]),
        ("train?", ["train: tunes"]), ("?lora", ["lora: tunes"]), ("lora r?", ["lora r: rank"]),
        ("help task_type", ["passed over"]), ("help lora use_qalora", ["not supported"]),
        ("help eval", ["evaluate: "]),
    ])
    func helpAnswers(line: String, parts: [String]) throws {
        let page = try #require(Bench().result(line)).plain
        for part in parts { #expect(page.contains(part), "\(page)") }
    }

    @Test(arguments: [
        ("help sweep", "planned-verb"), ("help fit", "unknown-verb"), ("help lora rr", "unknown-key"),
        ("help nonsense", "unknown-verb"),
    ])
    func helpSaysWhatIsNotThere(line: String, code: String) {
        #expect(Bench().problem(line)?.code == code)
    }

    @Test(arguments: [
        "lora use_gguf=1", "train eval_step=5", "train epochs=nan", "lora r=100%", "train batch=1000%",
        "set memory=5%", "set seed=8GB", "lora layers=0,0,0", "lora layers=last:1,last:1", "lora targets=q,q",
        "train seed=auto", "lora targets=[]", "lora targets=()", "lora layers=[]", "load toy prompt=auto",
        "lora r=2k", "show n=5%", "full last=auto", "echo n=8GB",
        "sleep 5%", "sleep nan", "train epochs=1e-60", "load toy train=1e-60", "load toy instruction=choose",
    ])
    func nonsenseIsRefusedByName(line: String) throws {
        let problem = try #require(prepared().problem(line), "it went through")
        #expect(problem.span != nil)
    }
}

extension CommandDeclaration {
    fileprivate var foreignKeyNames: [String] { foreign.map(\.name) }
}
