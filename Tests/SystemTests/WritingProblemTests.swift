import Foundation
import Testing

@testable import System

@Suite struct WritingProblemTests {
    @Test func aFullDiskIsSaidWithWhatToTry() {
        let found = cannotWrite("/a/b", because: ENOSPC)
        #expect(found.code == "cannot-write" && found.message.hasPrefix("cannot write /a/b: "))
        #expect(found.hint?.contains("another disk") == true)
        #expect(cannotWrite("/a/b", because: EACCES).hint == "choose a path where you may write")
        #expect(cannotWrite("/a/b", because: ENOENT).hint == "choose a path in a folder that is there")
        #expect(cannotWrite("/a/b", because: EIO).hint == nil)
    }
}
