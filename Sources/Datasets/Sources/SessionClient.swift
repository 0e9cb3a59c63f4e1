import Diagnostics
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The real network, through URLSession.
package struct SessionClient: WebClient {
    package init() {}

    package func text(of address: String, token: String?, interruption: Interruption) throws -> [UInt8] {
        let outcome = try load(address, token, to: nil, interruption) { _ in }
        return [UInt8](outcome)
    }

    package func save(
        _ address: String, to path: String, token: String?, interruption: Interruption,
        progress: (Int) -> Void
    ) throws {
        _ = try load(address, token, to: path, interruption, progress)
    }

    private func load(
        _ address: String, _ token: String?, to path: String?, _ interruption: Interruption,
        _ progress: (Int) -> Void
    ) throws -> Data {
        guard let url = URL(string: address) else {
            throw Diagnostic("web-status", "\(address) is no address", hint: "check the name")
        }
        var request = URLRequest(url: url, timeoutInterval: 30)
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let download = Download(target: path)
        let session = URLSession(configuration: .ephemeral, delegate: download, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        let task = session.downloadTask(with: request)
        task.resume()
        while !download.isOver(within: .milliseconds(100)) {
            try interruption.check()
            progress(Int(task.countOfBytesReceived))
        }
        return try download.outcome(of: address)
    }
}

/// Follows one download on the session's own queue.
private final class Download: NSObject, URLSessionDownloadDelegate {
    private struct State {
        var status = 0
        var body = Data()
        var failure: String?
        var isOver = false
    }

    /// Where the body goes; nil keeps it in memory.
    private let target: String?
    private let state = Mutex(State())
    private let finished = DispatchSemaphore(value: 0)

    init(target: String?) { self.target = target }

    func isOver(within duration: DispatchTimeInterval) -> Bool {
        state.withLock { $0.isOver } || finished.wait(timeout: .now() + duration) == .success
    }

    func outcome(of address: String) throws -> Data {
        let state = state.withLock { $0 }
        if let failure = state.failure {
            throw Diagnostic(
                "no-network", "\(address) could not be fetched: \(failure)", hint: "try again with a network")
        }
        guard state.status == 200 else {
            throw SessionClient.failure(status: state.status, of: address)
        }
        return state.body
    }

    func urlSession(
        _ session: URLSession, downloadTask: URLSessionDownloadTask, didFinishDownloadingTo location: URL
    ) {
        state.withLock { state in
            state.status = (downloadTask.response as? HTTPURLResponse)?.statusCode ?? 0
            do {
                if let target {
                    try FileManager.default.moveItem(at: location, to: URL(fileURLWithPath: target))
                } else {
                    state.body = try Data(contentsOf: location)
                }
            } catch {
                state.failure = "it could not be saved: \(error.localizedDescription)"
            }
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        state.withLock { state in
            if let error, state.failure == nil { state.failure = error.localizedDescription }
            state.isOver = true
        }
        finished.signal()
    }

    /// A token is for the host it was given to, not for where that host sends us on to.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        var request = request
        if request.url?.host != task.originalRequest?.url?.host {
            request.setValue(nil, forHTTPHeaderField: "Authorization")
        }
        completionHandler(request)
    }
}
