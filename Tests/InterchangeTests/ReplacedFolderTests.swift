import Diagnostics
import Foundation
import Testing
import Training

@testable import Interchange

@Suite struct ReplacedFolderTests {
    @Test func messagesNameTheFolderAsThePersonDid() throws {
        try SharedFixtures.temporary { folder in
            let found = #expect(throws: Diagnostic.self) {
                try ReplacedFolder.write(to: "\(folder)/m", as: .model) { place in
                    throw Diagnostic(
                        "cannot-write", "cannot write \(place)/model.safetensors: full", hint: "try")
                }
            }
            #expect(found?.message == "cannot write \(folder)/m/model.safetensors: full")
            #expect(found?.hint == "try")
        }
    }
}
