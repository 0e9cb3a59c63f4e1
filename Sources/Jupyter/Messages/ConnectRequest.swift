import JSON

extension RequestHandler {
    /// The ports, for clients of old that ask.
    static let connect = RequestHandler("connect_request", .atOnce) { request in
        let ports = request.kernel.connection.ports
        let named = ConnectionFile.Ports.fields.map { ($0.0, JSON.integer(ports[keyPath: $0.1])) }
        return Answer(.object(JSONObject([("status", "ok")] + named)))
    }
}
