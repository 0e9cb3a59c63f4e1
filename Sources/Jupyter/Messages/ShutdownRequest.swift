import JSON

extension RequestHandler {
    /// Ends the kernel at once, also in the middle of a cell; every front end is told.
    static let shutdown = RequestHandler("shutdown_request", .atOnce) { request in
        let restart = request.content["restart"]?.bool ?? false
        let content: JSON = ["status": "ok", "restart": .bool(restart)]
        request.kernel.publisher.publish("shutdown_reply", content, for: request.parent)
        return Answer(content, afterwards: { request.kernel.leave(.shutdown(restart: restart)) })
    }
}
