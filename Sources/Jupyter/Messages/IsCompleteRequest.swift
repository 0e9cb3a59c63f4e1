import JSON

extension RequestHandler {
    /// Whether a console should run the text or go on to another line.
    static let isComplete = RequestHandler("is_complete_request", .beside) { request in
        switch request.kernel.interpreter.completeness(of: request.content["code"]?.string ?? "") {
        case .complete: Answer(["status": "complete"])
        case .incomplete(let indent): Answer(["status": "incomplete", "indent": .string(indent)])
        case .invalid: Answer(["status": "invalid"])
        case .unknown: Answer(["status": "unknown"])
        }
    }
}
