extension RequestHandler {
    /// Stops the cells that run.
    static let interrupt = RequestHandler("interrupt_request", .atOnce) { request in
        request.kernel.interrupt()
        return Answer(["status": "ok"])
    }
}
