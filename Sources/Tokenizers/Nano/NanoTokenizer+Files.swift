import JSON

/// The nano models' tokenizer as Transformers reads it.
extension NanoTokenizer {
    package var files: [String: JSON] {
        ["tokenizer.json": tokenizerFile, "tokenizer_config.json": configFile]
    }

    /// Byte-level BPE without merges: a piece is a word of the vocabulary, or its bytes.
    private var tokenizerFile: JSON {
        [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": [],
            "normalizer": ["type": "Prepend", "prepend": " "],
            "pre_tokenizer": [
                "type": "Sequence",
                "pretokenizers": [
                    [
                        "type": "Split", "pattern": ["String": " "], "behavior": "MergedWithNext",
                        "invert": false,
                    ],
                    Self.bytes,
                ],
            ],
            "post_processor": templateFile,
            "decoder": [
                "type": "Sequence",
                "decoders": [Self.bytes, ["type": "Strip", "content": " ", "start": 1, "stop": 0]],
            ],
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
                "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
                "vocab": .object(vocabularyFile), "merges": [],
            ],
        ]
    }

    private static let bytes: JSON = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false,
    ]

    private var vocabularyFile: JSONObject {
        JSONObject(
            (0..<Int32(vocabularySize)).map { id in
                let bytes = tokenBytes(of: id)
                let text = isSpecial(id) ? String(decoding: bytes, as: UTF8.self) : ByteAlphabet.text(bytes)
                return (text, .integer(Int(id)))
            })
    }

    private var templateFile: JSON {
        var named = JSONObject()
        func part(_ item: Template.Part) -> JSON {
            switch item {
            case .first(let segment): return ["Sequence": ["id": "A", "type_id": .integer(Int(segment))]]
            case .second(let segment): return ["Sequence": ["id": "B", "type_id": .integer(Int(segment))]]
            case .special(let id, let segment):
                let name = JSON.string(token(of: id) ?? "")
                named[token(of: id) ?? ""] = ["id": name, "ids": [.integer(Int(id))], "tokens": [name]]
                return ["SpecialToken": ["id": name, "type_id": .integer(Int(segment))]]
            }
        }
        let (single, pair) = (template.single.map(part), template.pair.map(part))
        return [
            "type": "TemplateProcessing", "single": .array(single), "pair": .array(pair),
            "special_tokens": .object(named),
        ]
    }

    /// Special tokens that are written out in a text are text, as they are here.
    private var configFile: JSON {
        func name(_ id: Int32?) -> JSON { id.flatMap(token(of:)).map(JSON.string) ?? .null }
        return [
            "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": false,
            "split_special_tokens": true, "model_max_length": 512,
            "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
            "bos_token": name(special.bos), "eos_token": name(special.eos), "unk_token": name(special.unk),
            "sep_token": name(special.sep), "pad_token": name(special.pad), "cls_token": name(special.cls),
            "mask_token": name(special.mask),
        ]
    }
}
