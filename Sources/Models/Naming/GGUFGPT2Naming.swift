/// llama.cpp's tensor names of GPT-2, whose matrices it stores output by output.
struct GGUFGPT2Naming: TensorNaming {
    var prefix: String? { nil }

    private static let parts = [
        "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "mlp.c_fc": "ffn_up",
        "mlp.c_proj": "ffn_down", "ln_1": "attn_norm", "ln_2": "ffn_norm",
    ]

    private static let others = [
        "wte.weight": "token_embd.weight", "wpe.weight": "position_embd.weight",
        "ln_f.weight": "output_norm.weight", "ln_f.bias": "output_norm.bias",
        "lm_head.weight": "output.weight",
    ]

    func candidates(for path: String) -> [String] {
        if let name = Self.others[path] { return [name] }
        let pieces = path.split(separator: ".")
        guard pieces.count > 3, pieces[0] == "h", let kind = pieces.last else { return [path] }
        let middle = pieces[2..<pieces.count - 1].joined(separator: ".")
        return ["blk.\(pieces[1]).\(Self.parts[middle] ?? middle).\(kind)"]
    }

    func rowOrder(for path: String, rows: Int) -> [Int]? { nil }

    func liesTransposed(_ path: String) -> Bool {
        path.hasPrefix("h.") && path.contains(".c_") && path.hasSuffix(".weight")
    }
}
