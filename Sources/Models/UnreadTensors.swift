import Diagnostics
import JSON

/// The tensors of a checkpoint that no part of a model has asked for.
struct UnreadTensors {
    private let names: [String]
    private let prefix: String?
    /// What the paths of the model's own parts begin with: `encoder`, `h`, `layers`.
    private let roots: Set<Substring>

    /// - `prefix`: what a task model puts before paths; nil where no other task has a place in the file.
    /// - `others`: those that the person goes without.
    init(of store: ParameterStore, prefix: String?, without others: Set<String>) {
        names = store.unread.filter { name in
            !others.contains(name) && !Self.buffers.contains { name.hasSuffix($0) }
        }
        self.prefix = prefix
        roots = Set(
            store.parameters.map(\.name).filter { name in !Self.heads.contains { name.hasPrefix($0) } }
                .compactMap { $0.split(separator: ".").first })
    }

    /// Numbers that follow from the configuration: masks, positions, rotary frequencies.
    private static let buffers = [
        "position_ids", ".attn.bias", ".attn.masked_bias", "rotary_emb.inv_freq", "rope_freqs.weight",
    ]

    /// Heads that a base model is used without.
    private static let heads = ["lm_head.", "cls."]

    /// Those that belong to the model itself.
    var own: [String] { names.filter(isOwn) }

    /// Those of another task's head.
    ///
    /// - Throws: `unread-tensors` for any that belong to the model itself: it would compute something else.
    func leftOut(ignoring ignored: Set<String>) throws -> [String] {
        let own = own
        guard own.isEmpty || ignored.contains(Self.key) else {
            let more = own.count > 3 ? " and \(own.count - 3) more" : ""
            throw Diagnostic(
                "unread-tensors",
                "the checkpoint has tensors that the model as configured does not: "
                    + own.prefix(3).map { String($0.prefix(80)) }.joined(separator: ", ") + more,
                hint: KeyDecisions.hint(ignoring: [Self.key], "goes on without them").map {
                    "do config and weights belong together? \($0)"
                })
        }
        return names.filter { !isOwn($0) }
    }

    private static let key = "tensors"

    private func isOwn(_ name: String) -> Bool {
        guard let prefix else { return true }
        if name.hasPrefix(prefix) { return true }
        return name.split(separator: ".").first.map(roots.contains) ?? false
    }
}
