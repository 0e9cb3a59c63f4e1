import Foundation

/// Where Lorikeet keeps what outlives a session.
package struct UserFolders: Sendable {
    private let environment: [String: String]

    /// - `environment`: an empty variable counts as not set.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// What can be fetched again: `$LORIKEET_HOME`, else `lorikeet` in the XDG cache folder.
    package var cache: String { folder("XDG_CACHE_HOME", ".cache") }

    /// What cannot, such as the history: `$LORIKEET_HOME`, else `lorikeet` in the XDG state folder.
    package var state: String { folder("XDG_STATE_HOME", ".local/state") }

    private func folder(_ variable: String, _ usual: String) -> String {
        if let own = value("LORIKEET_HOME") {
            return URL(filePath: expandingHome(own)).standardizedFileURL.path
        }
        return (value(variable) ?? "\(value("HOME") ?? NSHomeDirectory())/\(usual)") + "/lorikeet"
    }

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
}
