import JSON
import Learning
import Models
import Training

extension JSON {
    /// `{"freezes": true, "what": ["norms"], "layers": "0-5"}`
    init(_ change: WeightChange) {
        var object: JSONObject = [
            "freezes": .bool(change.freezes), "what": .array(change.selection.words.map(JSON.string)),
        ]
        if !change.selection.layers.isEmpty { object["layers"] = .string(change.selection.layers) }
        self = .object(object)
    }
}

extension WeightChange {
    /// Nil for what is no such change.
    init?(_ json: JSON) {
        guard let object = json.object, object.keys.allSatisfy(["freezes", "what", "layers"].contains),
            let freezes = object["freezes"]?.bool, let found = object["what"]?.array
        else { return nil }
        let words = found.compactMap(\.string)
        let layers = object["layers"].map(\.string) ?? ""
        guard words.count == found.count, let layers else { return nil }
        self.init(freezes: freezes, WeightSelection(words, layers: layers), keeps: true)
    }
}

extension SharingNotes {
    /// `as it was tuned: freeze embeddings, unfreeze norms`
    var changeRemarks: [String] {
        changes.isEmpty ? [] : ["as it was tuned: \(changes.map(\.summary).joined(separator: ", "))"]
    }
}

extension Tuning {
    /// A tuning that was read from files, with what had been frozen in it and unfrozen.
    ///
    /// - `keeps`: whether the files brought values of its own, which stay as they are.
    func changed(by changes: [WeightChange], of model: any LanguageModel, keeps: Bool) throws -> Tuning {
        try changes.reduce(self) { tuning, change in
            // An adapter's files say already what was unfrozen beside it.
            try WeightChange(freezes: change.freezes, change.selection, keeps: keeps)
                .applied(to: tuning, of: model, mayMatchNothing: true)
        }
    }
}
