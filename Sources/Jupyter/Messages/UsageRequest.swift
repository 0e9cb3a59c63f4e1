import JSON

extension RequestHandler {
    /// What the kernel uses of the machine, for the front ends that show it.
    static let usage = RequestHandler("usage_request", .atOnce) { _ in
        Answer([
            "status": "ok",
            "hostname": .string(Usage.hostName()),
            "pid": .integer(Int(getpid())),
            "kernel_cpu": .number(Usage.processorPercent()),
            "kernel_memory": .integer(Usage.residentBytes()),
            "cpu_count": .integer(Usage.processorCount()),
        ])
    }
}
