extension String {
    /// A path or a value as a message can hold it: its beginning, without line breaks and their like.
    package var forMessages: String {
        let start = String(prefix(160).map { $0.unicodeScalars.contains { $0.value < 32 } ? "\u{FFFD}" : $0 })
        return count > 160 ? start + "…" : start
    }
}
