#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A detached thread with a stack of its own size.
package enum PlainThread {
    package static func start(stackBytes: Int, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(Body(run: body))
        #if canImport(Glibc)
            var thread = pthread_t()
            let status = pthread_create(&thread, &attributes, { Self.enter($0) }, box.toOpaque())
        #else
            var thread: pthread_t?
            let status = pthread_create(&thread, &attributes, { Self.enter($0) }, box.toOpaque())
        #endif
        pthread_attr_destroy(&attributes)
        precondition(status == 0, "no new thread: error \(status)")
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func enter(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let raw else { return nil }
        Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
        return nil
    }
}
