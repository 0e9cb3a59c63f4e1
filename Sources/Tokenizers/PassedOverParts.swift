import JSON

/// The parts of a tokenizer.json that a class of Transformers makes anew, where the file says something else.
struct PassedOverParts {
    /// `normalizer.lowercase`, or `normalizer` where another kind is made.
    private(set) var names: [String] = []
    private let kind: TokenizerClass

    /// - `made`: the file with the class's own parts.
    /// - `template`: the class's own, where it makes one.
    init(of file: JSON, made: JSON, by kind: TokenizerClass, template: Template?) {
        self.kind = kind
        for part in [TokenizerJSONKeys.Part.normalizer, .preTokenizer, .model] {
            add(part, settings(of: part, in: file), settings(of: part, in: made))
        }
        if let template {
            let own = try? TemplateReading.template(file["post_processor"])
            if own != template { names.append(TokenizerJSONKeys.Part.postProcessor.rawValue) }
        }
    }

    /// A sentence to show; nil where nothing differs.
    var remark: String? {
        names.isEmpty
            ? nil
            : "tokenizer.json's \(names.joined(separator: ", ")) passed over: Transformers' \(kind.name) makes "
                + "these parts itself, and so they are here"
    }

    private mutating func add(
        _ part: TokenizerJSONKeys.Part, _ own: [String: JSON], _ made: [String: JSON]
    ) {
        guard own["type"] == made["type"] else { return names.append(part.rawValue) }
        let keys = Set(own.keys).union(made.keys).sorted()
        names += keys.filter { (own[$0] ?? .null) != (made[$0] ?? .null) }.map { "\(part.rawValue).\($0)" }
    }

    /// What the tokenizers library takes where a key is missing.
    private static let usual: [String: [String: JSON]] = [
        "BertNormalizer": ["clean_text": true, "handle_chinese_chars": true, "lowercase": true],
        "ByteLevel": ["add_prefix_space": true, "use_regex": true],
        "Metaspace": ["replacement": "▁", "prepend_scheme": "always", "split": true],
        "WordPiece": [
            "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
        ],
        "BPE": ["fuse_unk": false, "byte_fallback": false, "ignore_merges": false],
    ]

    /// A part's keys with their values, as far as they change ids.
    private func settings(of part: TokenizerJSONKeys.Part, in file: JSON) -> [String: JSON] {
        guard var json = file[part.rawValue], !json.isNull else {
            return part == .preTokenizer ? spaces(in: file) ?? [:] : [:]
        }
        if part == .normalizer, spaces(in: file) != nil { return [:] }
        for key in ["normalizers", "pretokenizers"] {
            if let steps = json[key]?.array, steps.count == 1 { json = steps[0] }
        }
        let type = json["type"]?.string ?? (json["merges"] == nil ? "WordPiece" : "BPE")
        var found = Self.usual[type] ?? [:]
        for (key, value) in json.object ?? [:] {
            if case .used? = TokenizerJSONKeys.kinds[part]?[type]?[key] { found[key] = value }
        }
        found["type"] = .string(type)
        // Without a word of its own, it follows the case.
        if type == "BertNormalizer", found["strip_accents"]?.isNull ?? true {
            found["strip_accents"] = found["lowercase"]
        }
        // Every byte has a token, and so none is unknown.
        if type == "BPE" { found["unk_token"] = nil }
        for key in ["vocab", "merges"] { found[key] = nil }
        return found
    }

    /// LLaMA's older way to write Metaspace: a normalizer that puts its mark before a text and for each space.
    private func spaces(in file: JSON) -> [String: JSON]? {
        let steps = file["normalizer"]?["normalizers"]?.array ?? []
        guard kind == .llama, file["pre_tokenizer"]?.isNull ?? true, steps.count == 2,
            steps[0]["prepend"] == "▁", steps[1]["pattern"]?["String"] == " ",
            steps[1]["content"] == "▁"
        else { return nil }
        return ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": false]
    }
}
