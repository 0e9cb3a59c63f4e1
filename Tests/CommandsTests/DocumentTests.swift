import Foundation
import Testing

@testable import Commands

/// What HOW_IT_WORKS.md says of verbs is what they declare.
@Suite struct DocumentTests {
    @Test func everyVerbThatMayTakeMinutesIsNamed() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "HOW_IT_WORKS.md"), encoding: .utf8)
        let named = try #require(text.firstMatch(of: /may take minutes \(([^)]*)\)/)?.1)
        let words = named.matches(of: /`(\w+)[^`]*`/).map { String($0.1) }
        let long = CommandRegistry.commands.map(\.declaration).filter(\.isLong).map(\.verb)
        #expect(Set(words) == Set(long))
    }
}
