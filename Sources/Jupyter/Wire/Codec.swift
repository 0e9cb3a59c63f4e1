import Diagnostics
import JSON
import Synchronization
import System

/// Turns frames into messages and messages into frames; signs and checks them.
///
///     identity … | <IDS|MSG> | signature | header | parent header | metadata | content | buffer …
final class Codec: Sendable {
    /// Of this kernel, in every header it writes: never the client's.
    let session = randomIdentifier()
    private let signer: Signer
    private let seen = Mutex(ReplayGuard())
    private let count = Atomic<Int>(0)
    private let headerEnd: String

    static let protocolVersion = "5.5"
    static let delimiter = Array("<IDS|MSG>".utf8)
    private static let emptyObject = Array("{}".utf8)

    init(signer: Signer, userName: String) {
        self.signer = signer
        headerEnd =
            "\",\"username\":\(JSON.string(userName).text()),\"session\":\"\(session)\""
            + ",\"version\":\"\(Self.protocolVersion)\"}"
    }

    // MARK: - Reading

    /// - Throws: a `Diagnostic` that says why the message is dropped.
    func decode(_ frames: [[UInt8]]) throws -> Message {
        guard let delimiter = frames.firstIndex(of: Self.delimiter) else {
            throw Diagnostic("bad-message", "no delimiter in \(frames.count) frames")
        }
        let parts = frames[(delimiter + 1)...]
        guard parts.count >= 5, let signature = parts.first else {
            throw Diagnostic("bad-message", "\(parts.count) frames after the delimiter, expected at least 5")
        }
        let json = Array(parts.dropFirst().prefix(4))
        guard signer.isValid(signature, of: json) else {
            throw Diagnostic("bad-signature", "the signature is wrong")
        }
        if signer.isSigning, !seen.withLock({ $0.admit(signature) }) {
            throw Diagnostic("replayed-message", "the message was received before")
        }
        return Message(
            identities: Array(frames[..<delimiter]),
            header: try header(json[0]),
            parent: try object(json[1], "parent header"),
            metadata: try object(json[2], "metadata"),
            content: try object(json[3], "content"),
            buffers: Array(parts.dropFirst(5)))
    }

    private func header(_ bytes: [UInt8]) throws -> Message.Header {
        let header = try object(bytes, "header")
        guard let id = header["msg_id"]?.string, let type = header["msg_type"]?.string else {
            throw Diagnostic("bad-message", "the header has no msg_id or msg_type")
        }
        return Message.Header(id: id, type: type, subshell: header["subshell_id"]?.string, bytes: bytes)
    }

    private func object(_ bytes: [UInt8], _ name: String) throws -> JSON {
        if bytes == Self.emptyObject { return [:] }
        let value = try JSON(parsing: bytes)
        guard value.object != nil else {
            throw Diagnostic("bad-message", "the \(name) is not an object")
        }
        return value
    }

    // MARK: - Writing

    func nextIdentifier() -> String {
        "\(session)_\(count.add(1, ordering: .relaxed).newValue)"
    }

    /// - `id`: of the message; a new one unless the caller must know it.
    /// - `address`: the frames before the delimiter: identities, or a topic.
    func encode(
        _ type: String, _ content: JSON, metadata: JSON = [:], buffers: [[UInt8]] = [], id: String? = nil,
        parent: Parent, address: [[UInt8]]
    ) -> [[UInt8]] {
        let json = [
            Array(header(type, id ?? nextIdentifier()).utf8), parent.header,
            metadata == [:] ? Self.emptyObject : metadata.utf8(),
            content.utf8(),
        ]
        return address + [Self.delimiter, signer.signature(of: json)] + json + buffers
    }

    /// - `type`: one of our own names, which need no escaping.
    private func header(_ type: String, _ id: String) -> String {
        "{\"msg_id\":\"\(id)\",\"msg_type\":\"\(type)\",\"date\":\"\(timestamp())\(headerEnd)"
    }
}
