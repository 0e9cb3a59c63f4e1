import Datasets
import Diagnostics
import System
import TestScratch
import Testing

/// Damaged files: a diagnostic or a data set, never a crash.
@Suite struct FuzzTests {
    private static let seeds = [
        (
            "d.csv",
            "text,label,split\n\"a, \"\"quoted\"\" text\",x,train\nplain text here,y,test\n\"two\nlines\",x,dev\n"
        ),
        ("d.tsv", "ham\tsee you at noon\nspam\twin \"a prize\"\nham\t\"all\"\nspam\tfree entry now\n"),
        ("d.jsonl", "{\"text\":\"one\",\"label\":0}\n{\"text\":\"two\",\"label\":1,\"n\":[1,{}]}\n"),
        ("d.json", "[{\"text\":\"one\",\"label\":\"x\"},{\"text\":\"two \\u00e9\",\"label\":\"y\"}]"),
    ]

    @Test(arguments: seeds) func damageIsADiagnosticOrData(name: String, content: String) throws {
        let scratch = try Scratch()
        let random = CounterRandom(drawing: name, seed: 1)
        for trial in 0..<400 {
            var bytes = Array(content.utf8)
            for step in 0..<(1 + trial % 5) {
                damage(&bytes, random, at: trial * 100 + step * 10)
            }
            let path = try scratch.file(name, bytes)
            do {
                let dataset = try scratch.load(.init(path: path, train: trial.isMultiple(of: 2) ? 1 : nil))
                #expect(dataset.train.allSatisfy { $0.label.map(dataset.labels.indices.contains) ?? true })
            } catch let diagnostic as Diagnostic {
                #expect(!diagnostic.message.isEmpty)
            }
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: CounterRandom, at position: Int) {
        guard !bytes.isEmpty else { return }
        let place = random.index(position, below: bytes.count)
        switch random.index(position + 1, below: 5) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random[UInt64(position + 2)])
        case 1: bytes.remove(at: place)
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.insert(Array("\"\t,\n\r{}[]:\\".utf8)[random.index(position + 3, below: 11)], at: place)
        default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
        }
    }
}
