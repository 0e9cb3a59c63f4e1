import System

/// Answers what a person asks while typing: completions, help, history.
///
/// In order after the cells before it as long as these are short; beside one that runs long, from
/// what the session knew when that began.
final class Assistant: Sendable {
    private let queue = Monitor<[Question]>([])

    /// Milliseconds that a question waits for the cells before it.
    static let patience = 100

    private struct Question: Sendable {
        var request: Request
        var handler: RequestHandler
        /// How many requests of its subshell came before it.
        var place: Int
        var arrival: Int
    }

    func start() {
        PlainThread("assistant") { [queue] in
            while true {
                let question = queue.wait { $0.isEmpty ? nil : $0.removeFirst() }
                let left = question.arrival + Self.patience - monotonicMilliseconds()
                question.request.subshell.waitUntilAnswered(
                    question.place, seconds: Double(max(0, left)) / 1000)
                question.request.answer(with: question.handler)
            }
        }.detach()
    }

    func enqueue(_ request: Request, _ handler: RequestHandler) {
        let question = Question(
            request: request, handler: handler, place: request.subshell.arrivals,
            arrival: monotonicMilliseconds())
        queue.change { $0.append(question) }
    }
}
