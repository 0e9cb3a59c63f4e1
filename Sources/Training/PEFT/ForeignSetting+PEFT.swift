import Learning

extension ForeignSetting {
    /// What stands in every configuration of PEFT's beside a method's own.
    ///
    /// - `verb`: the method's.
    static func peft(verb: String) -> [ForeignSetting] {
        passedOver("data and prompt= say what is learned", "task_type", "auto_mapping")
            + passedOver("the verb is the method", "peft_type", "adapter_name")
            + passedOver(
                "the model is the loaded one", "base_model_name_or_path", "revision", "parent_library",
                "peft_version")
            + passedOver("the layers know how their weights lie", "fan_in_fan_out") + [
                ForeignSetting(
                    "inference_mode", "\(verb) attaches an adapter to train; open reads one", accepted: off),
                ForeignSetting("exclude_modules", "targets names the layers", accepted: none),
                ForeignSetting(
                    "modules_to_save", "the classifier is trained and saved, other whole layers are not",
                    accepted: ["classifier", "score", "(classifier)", "(score)"] + none),
            ]
    }
}
