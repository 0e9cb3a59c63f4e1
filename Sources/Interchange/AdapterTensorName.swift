import Training

/// What a tensor of an `adapter_model.safetensors` is, by its name.
enum AdapterTensorName: Hashable {
    /// The adapter's own, which is no layer's.
    case own
    /// One of a layer's, by the task model's path: `lora_A.weight`.
    case layer(String, String)
    /// A whole tensor that stands in for the base model's, such as a classifier's weight.
    case whole(String)
    /// One that all layers share: `vera_A`.
    case shared(String)
    /// The base's own weight under a changed layer, which PEFT saves with embeddings; by the task model's path.
    case baseWeight(String)
    /// Kept beside a whole tensor and not needed.
    case original
    case unsupported(String)

    /// What the names of tensors that layers share begin with: PEFT's own wrapper.
    static let sharedPrefix = "base_model."

    /// What the names of PEFT's tensors begin with, whatever the method.
    private static let beginnings = ["lora_", "ia3_", "vera_", "trainable_tokens_"]

    /// Names of the adapter itself (`default`) in the middle are left out by PEFT; older files have them.
    ///
    /// - `format`: says what names begin with, and what the method's own tensors are called.
    init(_ name: String, of format: any PEFTFormat.Type) {
        if let prompt = format as? any PEFTPromptFormat.Type, name == prompt.tensorName {
            self = .own
            return
        }
        let layered = format as? any PEFTLayerFormat.Type
        let bare = name.hasPrefix(Self.sharedPrefix) ? name.dropFirst(Self.sharedPrefix.count) : name[...]
        if let known = layered?.sharedNames.first(where: { bare == $0 || bare == "\($0).default" }) {
            self = .shared(known)
            return
        }
        let prefix = format.namePrefix
        var parts = (name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...])
            .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.contains("original_module") {
            self = .original
            return
        }
        if let place = parts.firstIndex(of: "modules_to_save") {
            let hasAdapterName = place + 1 < parts.count && parts[place + 1] == "default"
            parts.removeSubrange(place..<place + (hasAdapterName ? 2 : 1))
        }
        for tensor in layered.map({ $0.tensorNames + $0.tableNames }) ?? [] {
            let end = tensor.split(separator: ".").map(String.init)
            guard let place = parts.firstIndex(of: end[0]), place > 0 else { continue }
            let found = Array(parts[place...])
            let isNamed = found.count == end.count + 1 && [found[0]] + found[2...] == end
            guard found == end || isNamed else { continue }
            self = .layer(parts[..<place].joined(separator: "."), tensor)
            return
        }
        if let odd = parts.first(where: { part in Self.beginnings.contains(where: part.hasPrefix) }) {
            self = .unsupported(odd)
            return
        }
        if parts.suffix(2) == ["base_layer", "weight"] {
            self = .baseWeight(parts.dropLast(2).joined(separator: "."))
            return
        }
        parts.removeAll { $0 == "base_layer" }
        self = .whole(parts.joined(separator: "."))
    }
}
