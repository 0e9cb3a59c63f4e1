import Learning

/// Which part of a model a path leads to, by what it begins with.
struct PartNames: Sendable {
    /// What stands before a block's number: `encoder.layer.`
    let blocks: String
    /// What the paths of the other parts begin with.
    let others: [(start: String, part: Part)]

    func part(of path: String) -> Part {
        if path.hasPrefix(blocks) {
            let number = path.dropFirst(blocks.count).prefix { $0 != "." }
            if let index = Int(number) { return .block(index) }
        }
        return others.first { "\(path).".hasPrefix($0.start) }?.part ?? .head
    }
}
