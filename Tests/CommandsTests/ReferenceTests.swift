import Foundation
import Language
import Testing

@testable import Commands

@Suite struct ReferenceTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/reference")

    @Test func theReferenceIsWhatTheDeclarationsSay() throws {
        let pages = ReferencePages(CommandRegistry.lexicon).pages
        for page in pages {
            let path = Self.folder.appendingPathComponent(page.file).path
            let written = FileManager.default.contents(atPath: path).map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(written == page.text, "docs/reference/\(page.file) is old: make docs writes it anew")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(pages.map(\.file)))
    }
}
