/// Every request that the kernel answers, by its channel.
enum MessageRegistry {
    static let shell: [RequestHandler] = [
        .kernelInfo, .execute, .complete, .inspect, .isComplete, .history, .commInfo, .commOpen, .commMessage,
        .commClose, .connect, .shutdown, .interrupt,
    ]

    static let control: [RequestHandler] = [
        .kernelInfo, .interrupt, .shutdown, .createSubshell, .deleteSubshell, .listSubshell, .usage,
    ]

    static func byType(_ handlers: [RequestHandler]) -> [String: RequestHandler] {
        Dictionary(handlers.map { ($0.type, $0) }) { first, _ in first }
    }
}
