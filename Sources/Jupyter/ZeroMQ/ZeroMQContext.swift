import CZeroMQ
import Diagnostics
import Synchronization

/// The owner of ZeroMQ's I/O thread; it outlives the sockets made in it.
package final class ZeroMQContext: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    private let isTerminated = Atomic<Bool>(false)

    package init() {
        guard let handle = zmq_ctx_new() else {
            preconditionFailure("zmq_ctx_new: \(zeroMQReason())")
        }
        self.handle = handle
    }

    deinit { terminate() }

    /// Waits until what the closed sockets still have to send is sent, as long as they linger.
    func terminate() {
        guard !isTerminated.exchange(true, ordering: .relaxed) else { return }
        zmq_ctx_term(handle)
    }

    package func socket(_ kind: Int32) throws -> Socket {
        guard let socket = zmq_socket(handle, kind) else {
            throw Diagnostic("zeromq", "cannot make a ZeroMQ socket: \(zeroMQReason())")
        }
        return Socket(owning: socket, in: self)
    }
}

/// What ZeroMQ says of its last failure on this thread.
func zeroMQReason() -> String {
    zmq_strerror(zmq_errno()).map { String(cString: $0) } ?? "unknown error"
}
