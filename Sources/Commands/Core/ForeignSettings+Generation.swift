import Language
import Learning

extension ForeignSettings {
    /// What stands in Transformers' GenerationConfig and beside it.
    static let generation: [ForeignKey] =
        machine
        + ForeignKey.passedOver("sequences need no padding", "pad_token_id", "padding", "padding_side")
        + ForeignKey.passedOver(
            "the text appears as it comes, and its value has tokens and why it ended", "streamer", "stream",
            "return_dict_in_generate", "output_scores", "output_logits", "output_attentions",
            "output_hidden_states", "return_full_text", "skip_special_tokens",
            "clean_up_tokenization_spaces", "cache_implementation")
        + [
            ForeignKey("num_beams", "one text is followed at a time", accepted: ["1"]),
            ForeignKey("num_beam_groups", "one text is followed at a time", accepted: ["1"]),
            ForeignKey("early_stopping", "it is a setting of beams", accepted: ForeignSetting.off),
            ForeignKey("length_penalty", "it is a setting of beams", accepted: ["1"]),
            ForeignKey("diversity_penalty", "it is a setting of beams", accepted: ["0"]),
            ForeignKey(
                "penalty_alpha", "tokens are taken or drawn by their probability", accepted: ["0", "none"]),
            ForeignKey("typical_p", "top_p and min_p filter what is drawn from", accepted: ["1", "none"]),
            ForeignKey("epsilon_cutoff", "min_p filters what is unlikely", accepted: ["0", "none"]),
            ForeignKey("eta_cutoff", "min_p filters what is unlikely", accepted: ["0", "none"]),
            ForeignKey(
                "no_repeat_ngram_size", "repetition_penalty=1.1 keeps from repeating", accepted: ["0"]),
            ForeignKey("frequency_penalty", "repetition_penalty=1.1 keeps from repeating", accepted: ["0"]),
            ForeignKey("presence_penalty", "repetition_penalty=1.1 keeps from repeating", accepted: ["0"]),
            ForeignKey("min_new_tokens", "a text ends where the model ends it", accepted: ["0", "none"]),
            ForeignKey("min_length", "a text ends where the model ends it", accepted: ["0", "none"]),
            ForeignKey(
                "max_length", "max_tokens counts what is written, without the prompt", accepted: ["none"]),
            ForeignKey(
                "bad_words_ids", "stop='…' ends a text before a string", accepted: ForeignSetting.none),
            ForeignKey(
                "eos_token_id", "the tokenizer's end token ends a text, and stop='…' a string",
                accepted: ForeignSetting.none),
            ForeignKey(
                "bos_token_id", "the tokenizer says what begins a text", accepted: ForeignSetting.none),
            ForeignKey(
                "forced_bos_token_id", "the prompt says what begins a text", accepted: ForeignSetting.none),
            ForeignKey(
                "forced_eos_token_id", "a text ends where the model ends it", accepted: ForeignSetting.none),
            ForeignKey(
                "num_assistant_tokens", "every token is written by the model itself",
                accepted: ForeignSetting.none),
        ]
}
