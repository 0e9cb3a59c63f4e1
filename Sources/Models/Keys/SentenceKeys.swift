import JSON

extension KeyDecisions {
    /// sentence-transformers' list of modules, a decision for each kind.
    package static let sentenceModules = KeyDecisions(
        "modules.json",
        [
            "Transformer": .used, "Pooling": .used,
            "Normalize": .harmless("lengths alone: embeddings are not compared here"),
            "Dropout": .harmless("of training"),
        ],
        binding: ["StaticEmbedding", "BoW", "WordEmbeddings", "CLIPModel", "Router"])

    /// What a module of that list may say.
    package static let sentenceModule = KeyDecisions(
        "modules.json",
        [
            "type": .used, "path": .used, "idx": .harmless("the list's own order holds"),
            "name": .harmless("a note"), "kwargs": .harmless("settings that a caller may hand over"),
        ])

    /// sentence-transformers' pooling, 1_Pooling/config.json: its kinds by their new and their old keys.
    package static let sentencePooling = KeyDecisions(
        "1_Pooling/config.json",
        [
            "pooling_mode": .used, "pooling_mode_cls_token": .used, "pooling_mode_mean_tokens": .used,
            "pooling_mode_lasttoken": .used, "pooling_mode_max_tokens": .used,
            "pooling_mode_mean_sqrt_len_tokens": .used, "pooling_mode_weightedmean_tokens": .used,
            "include_prompt": .harmless("no prompt is put before a text"),
            "embedding_dimension": .harmless("the model's width"),
            "word_embedding_dimension": .harmless("the model's width"),
        ])

    /// sentence-transformers' sentence_bert_config.json.
    package static let sentenceEncoder = KeyDecisions(
        "sentence_bert_config.json",
        [
            "max_seq_length": .harmless("max_length says where texts are cut, and the plan how many are"),
            "do_lower_case": .refused("letters as the tokenizer takes them"),
            "transformer_task": .only(["feature-extraction"], "hidden states are"),
            "module_output_name": .only(["token_embeddings"], "hidden states are"),
            "modality_config": .harmless("text is what is read"),
            "unpad_inputs": .harmless("memory alone: the sums are the same"),
            "processing_kwargs": .refused("texts as the tokenizer takes them"),
            "query_length": .refused("one vector a text"), "document_length": .refused("one vector a text"),
            "query_expansion": .refused("one vector a text"),
            "model_args": .refused("the model as its config.json says"),
            "model_kwargs": .refused("the model as its config.json says"),
            "config_args": .refused("the model as its config.json says"),
            "config_kwargs": .refused("the model as its config.json says"),
            "tokenizer_args": .refused("the tokenizer as its own files say"),
            "processor_kwargs": .refused("the tokenizer as its own files say"),
        ])

    /// sentence-transformers' config_sentence_transformers.json.
    package static let sentenceSettings = KeyDecisions(
        "config_sentence_transformers.json",
        [
            "__version__": .harmless("a note"),
            "model_type": .only(["SentenceTransformer"], "one vector a text"),
            "prompts": .harmless("put before a text only where one is asked for"),
            "default_prompt_name": .refused("no prompt is put before a text"),
            "similarity_fn_name": .harmless("embeddings are not compared here"),
            "truncate_dim": .refused("vectors of the model's width"),
        ])
}
