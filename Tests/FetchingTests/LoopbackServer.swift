import Foundation
import Synchronization

/// A web server of one test, on a port of its own of this machine.
final class LoopbackServer: Sendable {
    /// Bytes of an answer, status line and headers included; nil never answers.
    typealias Answer = @Sendable (_ request: String) -> String?

    let address: String
    private let listener: Int32
    private let requests = Mutex<[String]>([])

    init(_ answer: @escaping Answer) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                _ = bind(listener, plain, size)
                _ = getsockname(listener, plain, &size)
            }
        }
        listen(listener, 8)
        self.listener = listener
        address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        Thread.detachNewThread { [weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                self?.serve(connection, answer)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// What was asked for, headers included.
    var seen: [String] { requests.withLock { $0 } }

    private func serve(_ connection: Int32, _ answer: Answer) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var request = ""
        while !request.hasSuffix("\r\n\r\n"), case let count = read(connection, &bytes, bytes.count),
            count > 0
        {
            request += String(decoding: bytes[..<count], as: UTF8.self)
        }
        requests.withLock { $0.append(request) }
        // Who gets no answer keeps its line, as at a server that hangs.
        guard let text = answer(request) else { return }
        let reply = Array(text.utf8)
        _ = reply.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        close(connection)
    }

    static func ok(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    static func status(_ status: String, headers: String = "") -> String {
        "HTTP/1.1 \(status)\r\n\(headers)Content-Length: 3\r\nConnection: close\r\n\r\nno\n"
    }
}
