/// llama.cpp's tensor names, and its order of query and key rows.
///
/// Its converter stores each head's rows as pairs (i, i + half) side by side, because its rotary
/// embedding turns neighbours; the reference turns halves, so the rows are read back in that order.
struct GGUFLlamaNaming: TensorNaming {
    let heads: Int
    let keyValueHeads: Int

    var prefix: String? { nil }

    private static let parts = [
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    ]

    func candidates(for path: String) -> [String] {
        switch path {
        case "embed_tokens.weight": return ["token_embd.weight"]
        case "norm.weight": return ["output_norm.weight"]
        case "lm_head.weight": return ["output.weight"]
        default: break
        }
        let pieces = path.split(separator: ".")
        guard pieces.count > 3, pieces[0] == "layers", let kind = pieces.last else { return [path] }
        let middle = pieces[2..<pieces.count - 1].joined(separator: ".")
        return ["blk.\(pieces[1]).\(Self.parts[middle] ?? middle).\(kind)"]
    }

    func rowOrder(for path: String, rows: Int) -> [Int]? {
        let heads: Int
        if path.contains("q_proj") {
            heads = self.heads
        } else if path.contains("k_proj") {
            heads = keyValueHeads
        } else {
            return nil
        }
        let width = rows / heads
        return (0..<rows).map { row in
            let (head, place) = (row / width, row % width)
            let (side, index) = (place / (width / 2), place % (width / 2))
            return head * width + 2 * index + side
        }
    }
}
