/// What a tensor of an `adapter_model.safetensors` is, by its name.
enum AdapterTensorName: Hashable {
    /// One of a layer's, by the task model's path: `lora_A.weight`.
    case layer(String, String)
    /// A whole tensor that stands in for the base model's, such as a classifier's weight.
    case whole(String)
    /// One that all layers share: `vera_A`.
    case shared(String)
    /// Kept beside a whole tensor and not needed.
    case original
    case unsupported(String)

    static let prefix = "base_model.model."
    static let sharedPrefix = "base_model."

    /// What the names of PEFT's tensors begin with, whatever the method.
    private static let beginnings = ["lora_", "ia3_", "vera_", "trainable_tokens_delta"]

    /// Names of the adapter itself (`default`) in the middle are left out by PEFT; older files have them.
    ///
    /// - `tensors`: the ends of names that the method has; `shared`: the names of what all layers share.
    init(_ name: String, tensors: [String], shared: [String] = []) {
        let own = name.hasPrefix(Self.sharedPrefix) ? name.dropFirst(Self.sharedPrefix.count) : name[...]
        if let known = shared.first(where: { own == $0 || own == "\($0).default" }) {
            self = .shared(known)
            return
        }
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
        for tensor in tensors {
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
        parts.removeAll { $0 == "base_layer" }
        self = .whole(parts.joined(separator: "."))
    }
}
