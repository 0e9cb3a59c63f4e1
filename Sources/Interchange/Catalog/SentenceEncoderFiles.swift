import Diagnostics
import Foundation
import JSON
import Learning
import Models

/// What sentence-transformers' files beside a model say, as far as a classifier on its vectors needs it.
struct SentenceEncoderFiles {
    /// How a text's tokens become one vector; nil where the files don't say.
    private(set) var pooling: Pooling?
    /// Keys that the person goes on without.
    private(set) var ignored: [String] = []
    /// What is passed over, each a sentence.
    private(set) var remarks: [String] = []

    private let folder: String
    /// Where the modules have pooling, if not in its usual place.
    private var poolingPath: String?
    private let ignoring: Set<String>

    /// - `pooling`: what the person asked for, in place of what the files say.
    /// - Throws: `unsupported-key` for a key, a module or a kind of pooling that is not supported.
    init(beside path: String, ignoring: Set<String>, pooling asked: Pooling?) throws {
        folder = ModelLoader.folder(of: path)
        self.ignoring = ignoring
        guard !path.hasSuffix(".gguf") else { return }
        try readModules()
        let found = try read(.sentencePooling, at: poolingPath)
        if asked == nil, let found { pooling = try Self.pooling(found) }
        _ = try read(.sentenceEncoder)
        _ = try read(.sentenceSettings)
    }

    /// One of the files, without what is ignored; nil where there is none.
    private mutating func read(_ keys: KeyDecisions, at path: String? = nil) throws -> JSON? {
        guard let json = try parse(path ?? keys.file) else { return nil }
        try keys.check(json, ignoring: ignoring)
        let rest = keys.without(ignoring, json)
        ignored += (json.object ?? [:]).keys.filter { rest[$0] == nil }
        return rest
    }

    private func parse(_ name: String) throws -> JSON? {
        let path = "\(folder)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try JSON(file: path)
    }

    private mutating func readModules() throws {
        let keys = KeyDecisions.sentenceModules
        guard let json = try parse(keys.file) else { return }
        let kinds = (json.array ?? []).compactMap { $0["type"]?.string?.split(separator: ".").last }
        guard let modules = json.array, kinds.count == modules.count else {
            throw Diagnostic("bad-config", "\(folder)/\(keys.file) is no list of modules with a type each")
        }
        for module in modules { try KeyDecisions.sentenceModule.check(module, ignoring: ignoring) }
        let pooled = zip(modules, kinds).first { $1 == "Pooling" }?.0["path"]?.string ?? ""
        if !pooled.isEmpty {
            let named = "\(pooled)/config.json"
            guard !pooled.split(separator: "/").contains(".."),
                FileManager.default.fileExists(atPath: "\(folder)/\(named)")
            else {
                throw Diagnostic(
                    "bad-config",
                    "\(folder)/\(keys.file) names \(named.prefix(80)), which is not in the folder",
                    hint: "put the file there, or take the module away")
            }
            poolingPath = named
        }
        // Each kind by its name, so that it is decided on and ignored as a key is.
        let object = JSON.object(JSONObject(kinds.map { (String($0), .bool(true)) }))
        try keys.check(object, ignoring: ignoring)
        ignored += kinds.map(String.init).filter { keys.without(ignoring, object)[$0] == nil }
        if kinds.contains("Normalize") {
            remarks.append(
                "vectors are not brought to length 1 before the classifier (Normalize in modules.json)")
        }
    }

    /// The kinds that sentence-transformers has, by its name of now and its older switch.
    private static let kinds: [(name: String, key: String, pooling: Pooling?)] = [
        ("cls", "pooling_mode_cls_token", .cls), ("max", "pooling_mode_max_tokens", nil),
        ("mean", "pooling_mode_mean_tokens", .mean),
        ("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens", nil),
        ("weightedmean", "pooling_mode_weightedmean_tokens", nil),
        ("lasttoken", "pooling_mode_lasttoken", .last),
    ]

    private static func pooling(_ json: JSON) throws -> Pooling? {
        let file = KeyDecisions.sentencePooling.file
        let names: [String]
        if let said = json["pooling_mode"], !said.isNull {
            names = said.string.map { [$0] } ?? said.array?.compactMap(\.string) ?? [said.text()]
        } else {
            if let odd = kinds.first(where: { !(json[$0.key]?.isNull ?? true) && json[$0.key]?.bool == nil })
            {
                throw Diagnostic("bad-config", "\(file): \(odd.key) is neither true nor false")
            }
            let switched = kinds.filter { json[$0.key]?.bool == true }.map(\.name)
            // The reference's own default, where there are switches and none is on.
            names = switched.isEmpty ? ["mean"] : switched
        }
        guard names.count == 1, let kind = kinds.first(where: { $0.name == names[0] }),
            let found = kind.pooling
        else {
            let key = json["pooling_mode"] == nil ? kinds.first { $0.name == names.first }?.key : nil
            throw Diagnostic(
                "unsupported-key",
                "\(file): pooling by \(names.joined(separator: " and ").prefix(60)) (\(key ?? "pooling_mode")) is not supported: cls, mean and lasttoken are",
                hint: "pooling=mean, or cls or last, takes another")
        }
        return found
    }
}
