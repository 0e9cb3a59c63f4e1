/// Names as a cell takes them in a list.
enum ListText {
    /// `spam:2,ham:1`, in quotes where something of it wants them; nil where a list has no way to write one of them.
    static func written(_ items: [String]) -> String? {
        guard !items.contains(where: { $0.contains { ",'\"\\$".contains($0) || $0.isNewline } }) else {
            return nil
        }
        let text = items.joined(separator: ",")
        let isBare = text.allSatisfy { $0.isLetter || $0.isNumber || "_.-+:,".contains($0) }
        return isBare ? text : "'\(text)'"
    }
}
