import Foundation

/// A POSIX thread with a stack of its own size.
///
/// The stack is address space, not memory: pages count once they are touched.
package struct PlainThread: @unchecked Sendable {
    private let handle: pthread_t

    /// - `name`: for the message when the system has no thread left.
    /// - `stack`: in bytes.
    package init(_ name: String, stack: Int = 8 << 20, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stack)
        defer { pthread_attr_destroy(&attributes) }
        let start = Unmanaged.passRetained(Start(body: body)).toOpaque()
        #if canImport(Darwin)
            var created: pthread_t?
            let status = pthread_create(&created, &attributes, { run($0) }, start)
        #else
            var created = pthread_t()
            let status = pthread_create(&created, &attributes, { $0.flatMap { run($0) } }, start)
        #endif
        precondition(status == 0, "thread \(name): pthread_create returned \(status)")
        #if canImport(Darwin)
            guard let created else { preconditionFailure("thread \(name): no handle") }
        #endif
        handle = created
    }

    package func join() { pthread_join(handle, nil) }

    package func detach() { pthread_detach(handle) }
}

private final class Start: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

private func run(_ start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Start>.fromOpaque(start).takeRetainedValue().body()
    return nil
}
