import Compute

extension NumberFormat {
    /// The names of safetensors' `dtype`.
    private static let bySafetensorsType: KeyValuePairs<String, NumberFormat> = [
        "F32": .f32, "F16": .f16, "BF16": .bf16, "F64": .f64,
        "I64": .i64, "I32": .i32, "I16": .i16, "I8": .i8, "U8": .u8, "BOOL": .u8,
    ]

    static let safetensorsTypes = bySafetensorsType.map(\.key).joined(separator: " ")

    init?(safetensorsType name: String) {
        guard let found = NumberFormat.bySafetensorsType.first(where: { $0.key == name }) else {
            return nil
        }
        self = found.value
    }
}
