import JSON

extension RequestHandler {
    /// Ends the kernel, also in the middle of a cell, which is interrupted and has a moment to keep what it reached;
    /// every front end is told.
    static let shutdown = RequestHandler("shutdown_request", .atOnce) { request in
        let restart = request.content["restart"]?.bool ?? false
        let content: JSON = ["status": "ok", "restart": .bool(restart)]
        request.kernel.publisher.publish("shutdown_reply", content, for: request.parent)
        return Answer(content, afterwards: { request.kernel.leave(.shutdown(restart: restart)) })
    }
}
