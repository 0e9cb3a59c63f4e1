import CZeroMQ
import Diagnostics

/// One ZeroMQ socket. Not for two threads at once: `Channel` guards it.
package final class Socket: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    private let context: ZeroMQContext
    private var isOpen = true

    init(owning handle: UnsafeMutableRawPointer, in context: ZeroMQContext) {
        self.handle = handle
        self.context = context
    }

    deinit { close() }

    /// What was sent still goes out, for as long as `ZMQ_LINGER` says.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        zmq_close(handle)
    }

    // MARK: - Options

    package func set(_ option: Int32, _ value: Int32) {
        var value = value
        zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size)
    }

    package func set(_ option: Int32, _ value: Int64) {
        var value = value
        zmq_setsockopt(handle, option, &value, MemoryLayout<Int64>.size)
    }

    package func set(_ option: Int32, _ text: String) throws {
        guard zmq_setsockopt(handle, option, text, text.utf8.count) == 0 else {
            throw Diagnostic("zeromq", "ZeroMQ refused option \(option): \(zeroMQReason())")
        }
    }

    private func integer(_ option: Int32) -> Int32 {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        zmq_getsockopt(handle, option, &value, &size)
        return value
    }

    /// Becomes readable when something happened; `hasInput` then says what.
    package var descriptor: Int32 { integer(ZMQ_FD) }

    package var hasInput: Bool { integer(ZMQ_EVENTS) & Int32(ZMQ_POLLIN) != 0 }

    /// The address that `bind` chose, such as `tcp://127.0.0.1:40123`.
    package var boundEndpoint: String {
        var text = [CChar](repeating: 0, count: 1024)
        var size = text.count
        zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &size)
        return String(decoding: text.prefix(max(0, size - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: - Addresses

    package func bind(_ endpoint: String) throws {
        guard zmq_bind(handle, endpoint) == 0 else {
            throw Diagnostic("cannot-bind", "cannot listen on \(endpoint): \(zeroMQReason())")
        }
    }

    package func connect(_ endpoint: String) throws {
        guard zmq_connect(handle, endpoint) == 0 else {
            throw Diagnostic("cannot-connect", "cannot connect to \(endpoint): \(zeroMQReason())")
        }
    }

    // MARK: - Messages

    /// Sends the frames as one message.
    ///
    /// - Returns: false when it went nowhere; a router tells only where `ZMQ_ROUTER_MANDATORY` is set.
    @discardableResult
    package func send(_ frames: [[UInt8]]) -> Bool {
        for (index, frame) in frames.enumerated() {
            let more = index + 1 < frames.count ? ZMQ_SNDMORE : 0
            while zmq_send(handle, frame, frame.count, more | ZMQ_DONTWAIT) < 0 {
                guard zmq_errno() == EINTR else { return false }
            }
        }
        return true
    }

    /// The next whole message, or nil when none is there.
    ///
    /// - `frameLimit`: frames beyond it are read and thrown away.
    package func receive(frameLimit: Int = 4096) -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var part = zmq_msg_t()
        zmq_msg_init(&part)
        defer { zmq_msg_close(&part) }
        repeat {
            while zmq_msg_recv(&part, handle, ZMQ_DONTWAIT) < 0 {
                guard zmq_errno() == EINTR else { return nil }
            }
            if frames.count < frameLimit {
                let bytes = UnsafeRawBufferPointer(start: zmq_msg_data(&part), count: zmq_msg_size(&part))
                frames.append(Array(bytes))
            }
        } while zmq_msg_more(&part) != 0
        return frames
    }
}
