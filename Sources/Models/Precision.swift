/// How weights are held in memory.
package enum Precision: String, Sendable, CaseIterable, Codable {
    /// As 32-bit floats: the fastest, and what full tuning needs.
    case f32
    /// As stored (bf16, f16, Q8_0, Q4_0, bitsandbytes' four bits …), expanded a panel at a time.
    case native
    /// The blocks' linear layers in four bits, doubly quantised, whatever they are stored in (QLoRA); the rest as
    /// stored.
    case nf4
}
