import Diagnostics
import Foundation
import JSON
import Testing

@Suite struct JSONFileTests {
    private func problem(_ text: String?, largest: Int = 100, code: String? = nil) throws -> Diagnostic? {
        let path = FileManager.default.temporaryDirectory.appending(
            path: "lorikeet-\(UUID().uuidString).json")
        if let text { try Data(text.utf8).write(to: path) }
        defer { try? FileManager.default.removeItem(at: path) }
        do {
            _ = try JSON(file: path.path, largest: largest, problem: code)
            return nil
        } catch let problem as Diagnostic {
            #expect(problem.message.contains(path.path))
            return problem
        }
    }

    @Test func aFileIsReadOrWhatIsWrongIsSaidWithItsPath() throws {
        #expect(try problem("{}") == nil)
        #expect(try problem(nil)?.code == "no-file")
        #expect(try problem("{")?.code == "bad-json")
        #expect(try problem("{", code: "bad-adapter")?.code == "bad-adapter")
        #expect(try problem("[1, 2, 3]", largest: 4)?.message.contains("9 bytes, supported are 4") == true)
    }
}
