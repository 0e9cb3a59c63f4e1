import Diagnostics
import JSON

/// What tokenizer_config.json, special_tokens_map.json and added_tokens.json say, and what config.json says
/// about the tokenizer.
struct TokenizerConfig {
    private let own: JSON
    private let map: JSON
    /// Tokens and their ids, without flags.
    private let addedFile: JSON
    private let model: JSON
    private let ignored: Set<String>
    /// The template of dialogues, in Jinja: in a file of its own, in tokenizer_config.json, or there the one that is
    /// called `default` of several.
    let chatTemplate: String?
    /// What is to be thought of the vocabulary where no file says it.
    var isCased = false

    static let names = [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ]

    init(_ files: TokenizerFiles, ignoring ignored: Set<String> = []) throws {
        func read(_ name: String) throws -> JSON { files.has(name) ? try files.json(name) : .null }
        self.ignored = ignored
        own = try read("tokenizer_config.json")
        // Transformers reads it only where this key, which says more, is missing.
        map = own["added_tokens_decoder"] == nil ? try read("special_tokens_map.json") : .null
        addedFile = own["added_tokens_decoder"] == nil ? try read("added_tokens.json") : .null
        model = try read("config.json")
        let file = "chat_template.jinja"
        chatTemplate =
            files.has(file)
            ? String(decoding: try files.data(file), as: UTF8.self) : Self.template(own["chat_template"])
        try TokenizerConfigKeys.check(own, ignoring: ignored)
        try TokenizerConfigKeys.check(map: map, ignoring: ignored)
    }

    /// tokenizer_config.json alone.
    init(own: JSON) {
        (self.own, map, addedFile, model, ignored) = (own, .null, .null, .null, [])
        chatTemplate = Self.template(own["chat_template"])
    }

    private static func template(_ json: JSON?) -> String? {
        json?.string ?? json?.array?.first { $0["name"]?.string == "default" }?["template"]?.string
    }

    private func value(_ key: String) -> JSON? { ignored.contains(key) ? nil : own[key] }

    func bool(_ key: String) -> Bool? { value(key)?.bool }

    var lowercases: Bool { bool("do_lower_case") ?? !isCased }

    var className: String? {
        guard !ignored.contains("tokenizer_class") else { return nil }
        return own["tokenizer_class"]?.string ?? model["tokenizer_class"]?.string
    }

    var family: String? { ignored.contains("tokenizer_class") ? nil : model["model_type"]?.string }

    /// - `file`: what tokenizer.json says about truncation.
    func truncationSide(_ file: JSON?) -> TruncationSide {
        let named = value("truncation_side")?.string ?? file?["direction"]?.string?.lowercased()
        return named.flatMap(TruncationSide.init) ?? .right
    }

    func tellsSegments(_ kind: TokenizerClass?) -> Bool {
        value("model_input_names")?.array.map { $0.contains("token_type_ids") }
            ?? (kind == .bert || kind == nil)
    }
}

// MARK: - Special tokens

extension TokenizerConfig {
    /// A special token as the files have it: a text, or an object with `content`; `.null` when a file says
    /// that there is none.
    private func entry(_ key: String, of kind: TokenizerClass?) -> JSON? {
        let usual = kind?.usualTokens[key].map(JSON.string)
        return ignored.contains(key) ? usual : map[key] ?? own[key] ?? usual
    }

    func token(_ key: String, of kind: TokenizerClass?) -> String? {
        entry(key, of: kind).flatMap { $0.string ?? $0["content"]?.string }
    }

    /// The tokens that the files name beside tokenizer.json, in the order in which Transformers adds them.
    ///
    /// - `file`: `added_tokens` of tokenizer.json.
    func added(_ file: [AddedToken], _ kind: TokenizerClass?) throws -> [AddedToken] {
        var listed = try value("added_tokens_decoder")?.object.map { tokens in
            try tokens.map { key, token in
                try AddedToken(
                    token, id: Self.id(Int(key), key, in: "added_tokens_decoder"), in: "added_tokens_decoder")
            }
        }
        if listed == nil {
            listed = try (addedFile.object ?? JSONObject()).map { content, id in
                AddedToken(
                    id: try Self.id(id.integer, id.text(), in: "added_tokens.json"), content: content,
                    isSpecial: false, isNormalized: true)
            }
            listed = (listed ?? []).filter { token in !file.contains { $0.content == token.content } } + file
        }
        let named = try special(kind)
        let contents = Set((listed ?? []).map { Array($0.content.utf8) })
        let tokens = (listed ?? []).sorted { $0.id < $1.id }.map { token in
            var token = token
            if named.contains(where: { $0.content.utf8.elementsEqual(token.content.utf8) }) {
                token.isSpecial = true
            }
            return token
        }
        return tokens + named.filter { !contents.contains(Array($0.content.utf8)) }
    }

    private static func id(_ number: Int?, _ found: String, in place: String) throws -> Int32 {
        guard let id = number.flatMap(Int32.init(exactly:)), (0...AddedToken.highestID).contains(id) else {
            throw badTokenizer("\(place): \(found.briefly) is no token's id")
        }
        return id
    }

    /// Every special token that has a name, then those that have none.
    private func special(_ kind: TokenizerClass?) throws -> [AddedToken] {
        func more(_ json: JSON) -> [String] {
            (json.object ?? JSONObject()).compactMap { key, value in
                key.hasSuffix("_token") && !Self.names.contains(key) && value.string != nil ? key : nil
            }
        }
        let named = (Self.names + more(own) + more(map)).compactMap { entry($0, of: kind) }
        let lists = TokenizerConfigKeys.lists.compactMap { entry($0, of: kind) }
        let unnamed = lists.flatMap { list in list.array ?? list.object?.map(\.value) ?? [] }
        return try (named + unnamed).filter { !$0.isNull }.map {
            try AddedToken($0, id: nil, in: "tokenizer_config.json")
        }
    }

    /// What the files name; where they are silent, the usual names, as far as there are such
    /// tokens. An explicit null means that the model has none.
    ///
    /// - `id`: looks a token up.
    func special(_ kind: TokenizerClass?, _ id: (String) -> Int32?) -> SpecialTokens {
        func find(_ key: String, _ usual: [String]) -> Int32? {
            guard let entry = entry(key, of: kind) else { return usual.lazy.compactMap(id).first }
            return (entry.string ?? entry["content"]?.string).flatMap(id)
        }
        var special = SpecialTokens()
        special.bos = find("bos_token", ["<s>", "<|begin_of_text|>", "<|endoftext|>"])
        special.eos = find("eos_token", ["</s>", "<|end_of_text|>", "<|endoftext|>"])
        special.cls = find("cls_token", ["[CLS]"])
        special.sep = find("sep_token", ["[SEP]"])
        special.pad = find("pad_token", ["[PAD]", "<pad>"])
        special.unk = find("unk_token", ["[UNK]", "<unk>", "<|endoftext|>"])
        special.mask = find("mask_token", ["[MASK]", "<mask>"])
        return special
    }
}

extension AddedToken {
    /// A text, or an object with `content` and flags.
    ///
    /// - `id`: nil for a token that is looked up; then it is special.
    init(_ json: JSON, id: Int32?, in place: String) throws {
        guard let content = json.string ?? json["content"]?.string else {
            throw badTokenizer("\(place): \(json.text().briefly) is no token")
        }
        func flag(_ key: String) throws -> Bool? {
            guard let found = json[key], !found.isNull else { return nil }
            guard let flag = found.bool else {
                throw badTokenizer(
                    "\(place): \(key) of \(content.briefly) is \(found.text().briefly), expected true or false"
                )
            }
            return flag
        }
        let isSpecial = try flag("special") ?? false || id == nil
        self.init(
            id: id ?? -1, content: content, isSpecial: isSpecial,
            isNormalized: try flag("normalized") ?? !isSpecial,
            isSingleWord: try flag("single_word") ?? false, stripsLeft: try flag("lstrip") ?? false,
            stripsRight: try flag("rstrip") ?? false)
    }
}
