/// What a tensor of an `adapter_model.safetensors` is, by its name.
enum AdapterTensorName: Hashable {
    /// A layer's thin matrices, by the task model's path.
    case lowRankA(String)
    case lowRankB(String)
    /// A whole tensor that stands in for the base model's, such as a classifier's weight.
    case whole(String)
    /// Kept beside a whole tensor and not needed.
    case original
    case unsupported(String)

    static let prefix = "base_model.model."

    /// Names of the adapter itself (`default`) in the middle are left out by PEFT; older files have them.
    init(_ name: String) {
        var parts = (name.hasPrefix(Self.prefix) ? name.dropFirst(Self.prefix.count) : name[...])
            .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.contains("original_module") {
            self = .original
            return
        }
        if let place = parts.firstIndex(of: "modules_to_save") {
            let hasAdapterName = place + 1 < parts.count && parts[place + 1] == "default"
            parts.removeSubrange(place..<place + (hasAdapterName ? 2 : 1))
        }
        let kinds = ["lora_A", "lora_B"]
        if let place = parts.firstIndex(where: kinds.contains), place > 0, parts.last == "weight",
            parts.count - place <= 3
        {
            let path = parts[..<place].joined(separator: ".")
            self = parts[place] == "lora_A" ? .lowRankA(path) : .lowRankB(path)
            return
        }
        if let odd = parts.first(where: { $0.hasPrefix("lora_") || $0 == "trainable_tokens_delta" }) {
            self = .unsupported(odd)
            return
        }
        parts.removeAll { $0 == "base_layer" }
        self = .whole(parts.joined(separator: "."))
    }
}
