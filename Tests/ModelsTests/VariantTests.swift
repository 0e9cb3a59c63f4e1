import Checkpoints
import Diagnostics
import Foundation
import Learning
import Models
import Testing

/// Every switch of a config.json: our numbers are the reference's, or the model is refused by name.
@Suite struct VariantTests {
    /// The committed ones, and all of `Tests/Golden/make_variants.py` where LORIKEET_VARIANTS has them.
    private static let folders: [URL] = {
        let all = ProcessInfo.processInfo.environment["LORIKEET_VARIANTS"].map { URL(filePath: $0) }
        let place = all ?? URL(filePath: Golden.folder("../variants")).standardizedFileURL
        let found = try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
        return (found ?? []).sorted { $0.path < $1.path }
    }()

    private enum Outcome: Equatable {
        case agrees(Float)
        case refused(String)
    }

    @Test func everySwitchAgreesOrIsRefusedByName() throws {
        #expect(Self.folders.count >= 10)
        var report: [String] = []
        for folder in Self.folders {
            switch try Self.outcome(folder) {
            case .agrees(let error):
                #expect(error < 1e-4, "\(folder.lastPathComponent) is off by \(error)")
                report.append("\(folder.lastPathComponent): \(error)")
            case .refused(let reason):
                report.append("\(folder.lastPathComponent): refused, \(reason)")
            }
        }
        if ProcessInfo.processInfo.environment["LORIKEET_VARIANTS"] != nil {
            print(report.joined(separator: "\n"))
        }
    }

    private static func outcome(_ folder: URL) throws -> Outcome {
        let golden = folder.appending(path: "golden.st").path
        do {
            let model = try ModelLoader.load(path: folder.path, precision: .f32)
            let pass = Pass(Layout(lengths: Golden.lengths))
            let ids = Golden.lengths.enumerated().flatMap { s, count in
                (0..<count).map { (i: Int) in Int32((7 * i * i + 13 * i + 5 * s + 3) % 29) }
            }
            let h = try model.hiddenStates(Tokens(ids: ids), pass)
            guard FileManager.default.fileExists(atPath: golden) else { return .agrees(.infinity) }
            let wanted = try #require(SafetensorsFile(path: golden).tensor(named: "logits"))
            let isHidden = wanted.shape.last == model.config.width
            let found = isHidden ? h : try model.vocabularyLogits(h, pass)
            return .agrees(relativeError(found.floats, wanted.floats()))
        } catch let problem as Diagnostic {
            return .refused(problem.message)
        }
    }
}
