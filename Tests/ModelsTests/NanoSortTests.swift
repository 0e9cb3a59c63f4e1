import Checkpoints
import Compute
import Foundation
import Learning
import Models
import Testing

/// A trained GPT-2 that sorts six letters; skipped where the shared inputs are not beside the project.
@Suite struct NanoSortTests {
    static let folder: String? = {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = project.deletingLastPathComponent().appending(path: "shared/models/gpt-nano-sort").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test(.enabled(if: folder != nil, "gpt-nano-sort is not beside the project"))
    func itSortsEveryInput() throws {
        let model = try ModelLoader.load(path: try #require(Self.folder))
        var inputs: [[Int32]] = [[]]
        for _ in 0..<6 { inputs = inputs.flatMap { start in (0..<3).map { start + [Int32($0)] } } }
        #expect(inputs.count == 729)
        var sequences = inputs
        for step in 0..<6 {
            let pass = Pass(Layout(lengths: sequences.map(\.count)))
            let h = try model.hiddenStates(Tokens(ids: sequences.flatMap { $0 }), pass)
            let last = pass.layout.starts.dropFirst().map { $0 - 1 }
            let logits = try model.vocabularyLogits(pass.gather(h, rows: last), pass).floats
            for index in sequences.indices {
                let row = logits[index * 3..<index * 3 + 3]
                let best = row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex } ?? 0
                if step < 6 { sequences[index].append(Int32(best)) }
            }
        }
        for (input, sequence) in zip(inputs, sequences) { #expect(Array(sequence[6...]) == input.sorted()) }
    }
}
