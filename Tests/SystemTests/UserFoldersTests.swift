import Foundation
import Testing

@testable import System

@Suite struct UserFoldersTests {
    @Test func oneVariableNamesBothFolders() {
        let here = FileManager.default.currentDirectoryPath
        for (written, home) in ["/a": "/a", "~/a": NSHomeDirectory() + "/a", "a": here + "/a"] {
            let folders = UserFolders(environment: ["LORIKEET_HOME": written, "XDG_CACHE_HOME": "/x"])
            #expect([folders.cache, folders.state] == [home, home])
        }
    }

    @Test func withoutItTheDesktopsFoldersAreTaken() {
        let folders = UserFolders(environment: ["XDG_CACHE_HOME": "/c", "XDG_STATE_HOME": "/s", "HOME": "/h"])
        #expect([folders.cache, folders.state] == ["/c/lorikeet", "/s/lorikeet"])
        let bare = UserFolders(environment: ["LORIKEET_HOME": "", "HOME": "/h"])
        #expect([bare.cache, bare.state] == ["/h/.cache/lorikeet", "/h/.local/state/lorikeet"])
    }
}
