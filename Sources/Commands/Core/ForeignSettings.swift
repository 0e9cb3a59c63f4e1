import Language
import Learning

/// Settings of Transformers and its kin that are pasted with those that we have; a method declares its own.
enum ForeignSettings {
    private static let off = ForeignSetting.off
    private static let none = ForeignSetting.none
    private static func joined(_ lists: [[ForeignKey]]) -> [ForeignKey] { lists.flatMap(\.self) }

    private static func strategy(_ name: String) -> ForeignKey {
        ForeignKey(
            name, "validations come after each epoch, and with validate_every=N (eval_steps=N) after N steps",
            accepted: ["epoch", "steps", "no"]
        ).contradicting("validate_every", as: "epoch", "no")
    }

    /// What stands in TrainingArguments, SFTConfig and Axolotl's files.
    static let training = joined([
        ForeignKey.passedOver(
            "a run writes its states into lorikeet-runs (set runs=FOLDER), and save writes what was tuned",
            "output_dir", "overwrite_output_dir", "save_safetensors", "save_only_model", "save_on_each_node",
            "push_to_hub", "hub_model_id", "hub_strategy", "hub_token", "hub_private_repo"),
        ForeignKey.passedOver(
            "states are written by time, save_steps=N writes them by steps, and save_every=0 writes none",
            "save_strategy"),
        ForeignKey.passedOver(
            "every step is kept, and plot loss and table epochs show them",
            "logging_dir", "logging_strategy", "logging_steps", "logging_first_step",
            "logging_nan_inf_filter",
            "report_to", "disable_tqdm", "log_level", "log_level_replica", "log_on_each_node", "wandb_project"
        ),
        ForeignKey.passedOver(
            "the validation part is judged before the first step and after each epoch, and evaluate judges when you ask",
            "eval_delay", "eval_on_start", "do_eval", "do_train", "do_predict", "label_names",
            "include_inputs_for_metrics", "batch_eval_metrics"),
        ForeignKey.passedOver(
            "of a loss the lower is better, of every other figure the higher", "greater_is_better"),
        judging,
        ForeignKey.passedOver(
            "what is computed again is the same to the last bit, in one way alone",
            "gradient_checkpointing_kwargs"),
        ForeignKey.passedOver("memory that is free goes back by itself", "torch_empty_cache_steps"),
        ForeignKey.passedOver(
            "numbers have 32 bits here, on the processor",
            "fp16", "bf16", "tf32", "fp16_full_eval", "bf16_full_eval", "fp16_opt_level",
            "half_precision_backend",
            "fp16_backend"),
        machine,
        ForeignKey.passedOver(
            "texts come from memory, without a loader's workers",
            "dataloader_num_workers", "dataloader_pin_memory", "dataloader_prefetch_factor",
            "dataloader_persistent_workers", "remove_unused_columns", "skip_memory_metrics"),
        ForeignKey.passedOver(
            "results are always the same for a seed, whatever the number of workers", "full_determinism",
            "ignore_data_skip"),
        [
            ForeignKey("adafactor", "optimizer=adafactor takes it", accepted: off),
            strategy("eval_strategy"), strategy("evaluation_strategy"),
            ForeignKey("optim_args", "an optimizer's settings are keys of train", accepted: none),
            ForeignKey("lr_scheduler_kwargs", "a schedule's settings are keys of train", accepted: none),
            ForeignKey("group_by_length", "the order is drawn from the seed alone", accepted: off),
            ForeignKey("length_column_name", "the order is drawn from the seed alone"),
            ForeignKey("dataloader_drop_last", "an epoch's last batch is kept", accepted: off),
            ForeignKey("auto_find_batch_size", "batch is as you say", accepted: off),
            ForeignKey("packing", "sequences stay apart, and need no padding", accepted: off),
            ForeignKey(
                "resume_from_checkpoint", "resume NAME finishes a run that was interrupted", accepted: off
            ),
            ForeignKey("data_seed", "seed draws order and dropout alike", accepted: none),
            ForeignKey(
                "completion_only_loss", "the loss is on the answer alone", accepted: ["true", "yes", "1"]),
        ],
    ])

    /// What concerns judging alone.
    static let judging = ForeignKey.passedOver(
        "texts are judged without padding, so that a batch changes no result",
        "per_device_eval_batch_size", "eval_batch_size", "eval_accumulation_steps", "prediction_loss_only")

    /// What concerns graphics cards and clusters.
    static let machine = ForeignKey.passedOver(
        "work is shared by the processor's cores, set workers=2 says how many",
        "no_cuda", "use_cpu", "use_mps_device", "device", "device_map", "local_rank", "deepspeed", "fsdp",
        "fsdp_config", "ddp_backend", "ddp_find_unused_parameters", "ddp_timeout", "torch_compile",
        "torch_compile_backend", "torch_compile_mode", "accelerator_config", "use_liger_kernel",
        "attn_implementation", "use_flash_attention_2", "low_cpu_mem_usage", "use_cache")

    /// What stands in `from_pretrained`.
    static let model = joined([
        machine,
        ForeignKey.passedOver(
            "only files are read, no code of the model's", "trust_remote_code", "use_safetensors",
            "local_files_only"),
        ForeignKey.passedOver(
            "the data say how many classes there are", "num_labels", "id2label", "label2id"),
        [
            ForeignKey(
                "torch_dtype", "precision=native keeps weights as stored, precision=f32 expands them",
                accepted: ["auto", "float32", "torch.float32"]),
            ForeignKey(
                "dtype", "precision=native keeps weights as stored, precision=f32 expands them",
                accepted: ["auto", "float32", "torch.float32"]),
            ForeignKey(
                "load_in_8bit",
                "precision=native keeps weights as stored, precision=nf4 makes four bits of them",
                accepted: off),
            ForeignKey("load_in_4bit", "precision=nf4 does that, doubly quantised", accepted: off),
            ForeignKey(
                "quantization_config", "precision=nf4 is bitsandbytes' nf4, doubly quantised", accepted: none),
            ForeignKey("bnb_4bit_quant_type", "precision=nf4 says the type", accepted: ["nf4"]),
            ForeignKey(
                "bnb_4bit_use_double_quant", "precision=nf4 quantises scales too",
                accepted: ["true", "yes", "1"]),
            ForeignKey(
                "bnb_4bit_compute_dtype", "numbers are computed in f32",
                accepted: ["float32", "torch.float32"]),
        ],
    ])

    /// What stands in `load_dataset` and `train_test_split`.
    static let data = joined([
        ForeignKey.passedOver(
            "files are fetched once into the cache folder", "cache_dir", "download_mode", "trust_remote_code",
            "num_proc", "streaming", "keep_in_memory"),
        ForeignKey.passedOver("parts are drawn at random from the seed, by class", "shuffle", "stratify"),
        [
            ForeignKey("test_size", "test= says how many, as a count or a share", accepted: []),
            ForeignKey("train_size", "train= says how many, as a count or a share", accepted: []),
            ForeignKey("val_size", "validation= says how many, as a count or a share", accepted: []),
            ForeignKey("random_state", "seed= draws the parts", accepted: []),
            ForeignKey("split", "train=, validation= and test= say how much of each part", accepted: none),
        ],
    ])
}
