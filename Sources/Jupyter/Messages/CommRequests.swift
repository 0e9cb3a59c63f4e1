import Diagnostics
import JSON

extension RequestHandler {
    /// The comms that are open, of one target or of all.
    static let commInfo = RequestHandler("comm_info_request", .beside) { request in
        let target = request.content["target_name"]?.string
        let comms = request.kernel.comms.open(of: target)
        return Answer([
            "status": "ok",
            "comms": .object(JSONObject(comms.map { ($0.id, ["target_name": .string($0.target)] as JSON) })),
        ])
    }

    /// A target that nobody here knows is closed at once. None of ours waits for a cell that runs long:
    /// what is asked by a comm is often about that cell.
    static let commOpen = RequestHandler("comm_open", .beside) { request in
        let message = try CommMessage(request.message)
        let target = request.content["target_name"]?.string ?? ""
        request.kernel.comms.open(message, target: target, for: request.parent)
        return .none
    }

    static let commMessage = RequestHandler("comm_msg", .beside) { request in
        request.kernel.comms.receive(try CommMessage(request.message), for: request.parent)
        return .none
    }

    static let commClose = RequestHandler("comm_close", .beside) { request in
        request.kernel.comms.close(try CommMessage(request.message))
        return .none
    }
}
