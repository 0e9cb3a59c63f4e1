import Diagnostics
import JSON

extension RequestHandler {
    static let createSubshell = RequestHandler("create_subshell_request", .atOnce) { request in
        let id = try request.kernel.subshells.create(for: request.kernel)
        return Answer(["status": "ok", "subshell_id": .string(id)])
    }

    static let deleteSubshell = RequestHandler("delete_subshell_request", .atOnce) { request in
        let id = request.content["subshell_id"]?.string ?? ""
        guard request.kernel.subshells.delete(id) else {
            throw Diagnostic("unknown-subshell", "there is no subshell \(id)")
        }
        return Answer(["status": "ok"])
    }

    static let listSubshell = RequestHandler("list_subshell_request", .atOnce) { request in
        let names = request.kernel.subshells.identifiers.map { JSON.string($0) }
        return Answer(["status": "ok", "subshell_id": .array(names)])
    }
}
