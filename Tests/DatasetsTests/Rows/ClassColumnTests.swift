import Datasets
import TestScratch
import Testing

@Suite struct ClassColumnTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func file(_ rows: Int, header: String = "text,label", _ label: (Int) -> String) throws -> String {
        try scratch.file(
            "d.csv", "\(header)\n" + (0..<rows).map { "this is text number \($0),\(label($0))\n" }.joined())
    }

    private func notes(_ request: DatasetRequest) throws -> String {
        try scratch.load(request).notes.joined(separator: "\n")
    }

    @Test func aClassARowIsNoClass() throws {
        let path = try file(40) { "c\($0)" }
        let dataset = try scratch.load(.init(path: path))
        #expect(dataset.labels.isEmpty)
        #expect(
            dataset.notes.contains {
                $0.contains("the column label was not taken for classes: each of its 40 rows")
            })
        #expect(!dataset.notes.contains { $0.contains("stratified") })
        #expect(code { try scratch.load(.init(path: path, labelColumn: "label")) } == "class-per-row")
    }

    @Test func manyClassesAreClasses() throws {
        let path = try file(816) { "c\($0 % 400)" }
        #expect(try scratch.load(.init(path: path)).labels.count == 400)
    }

    @Test func fewerThanTwoRowsAClassIsAskedAbout() throws {
        let path = try file(60) { "c\($0 % 40)" }
        #expect(
            try notes(.init(path: path)).contains(
                "40 values in 60 rows, fewer than two rows a class; label=label"))
        let dataset = try scratch.load(.init(path: path, labelColumn: "label"))
        #expect(dataset.labels.count == 40)
        #expect(dataset.notes.contains { $0.contains("20 classes of 40 have a single row") })
    }

    @Test func measurementsAreNoClasses() throws {
        let path = try file(200, header: "text,rating") { "\(Double($0 % 50) / 7)" }
        #expect(
            try notes(.init(path: path)).contains(
                "rating was not taken for classes: it holds 50 numbers with fractions"))
        #expect(try scratch.load(.init(path: path, labelColumn: "rating")).labels.count == 50)
    }

    @Test func moreThanAThousandValuesAreRefusedWithAnotherColumn() throws {
        let path = try file(4000, header: "text,label,kind") { "c\($0 % 1500),k\($0 % 2)" }
        #expect {
            try scratch.load(.init(path: path, labelColumn: "label"))
        } throws: {
            "\($0)".contains("1,500 values") && "\($0)".hasSuffix("label= names another column: kind")
        }
        #expect(try scratch.load(.init(path: path)).labels == ["k0", "k1"])
    }

    @Test(arguments: [
        (["Positive", "positive "], "'Positive', 'positive '"), (["1", "1.0"], "'1', '1.0'"),
        (["very good", "very_good", "bad"], "'very good', 'very_good'"),
        (["TRUE", "true"], "'TRUE', 'true'"),
    ])
    func classesThatDifferInWritingOnlyArePointedOut(labels: [String], said: String) throws {
        let path = try file(24) { labels[$0 % labels.count] }
        #expect(try notes(.init(path: path)).contains("the classes \(said) differ in writing only"))
    }

    @Test func columnsThatCouldHoldTheClassesAreKept() throws {
        let path = try file(24, header: "text,label,one,two") { "c\($0),a\($0 % 2),b\($0 % 3)" }
        #expect(try scratch.load(.init(path: path)).classColumns == ["one", "two"])
        for column in ["one", "two"] {
            #expect(try scratch.load(.init(path: path, labelColumn: column)).labels.count > 1)
        }
    }

    @Test func aTableMayHaveThousandsOfColumns() throws {
        let names = (0..<20_000).map { "c\($0)" }.joined(separator: ",")
        let ones = [String](repeating: "1", count: 20_000).joined(separator: ",")
        let path = try scratch.file(
            "d.csv", "body of it,\(names)\n" + (0..<6).map { "a longer text \($0),\(ones)\n" }.joined())
        #expect(try scratch.load(.init(path: path)).textColumn == "body of it")
    }

    @Test func differentClassesAreNot() throws {
        let path = try file(24) { ["1", "10", "-1", "a", "b", "c"][$0 % 6] }
        #expect(!(try notes(.init(path: path)).contains("in writing only")))
    }

    @Test func minusOneIsAClassUnlessThePartHasNothingElse() throws {
        let path = try file(24) { ["-1", "0", "1"][$0 % 3] }
        let dataset = try scratch.load(.init(path: path))
        #expect(dataset.labels == ["-1", "0", "1"])
        #expect(dataset.notes.contains { $0.hasPrefix("'-1' is taken for a class") })
        _ = try scratch.file(
            "set/train.csv", "text,label\n" + (0..<8).map { "text \($0),\($0 % 2)\n" }.joined())
        _ = try scratch.file("set/test.csv", "text,label\n" + (0..<8).map { "other \($0),-1\n" }.joined())
        let hub = try scratch.load(.init(path: "\(scratch.path)/set"))
        #expect(hub.labels == ["0", "1"])
        #expect(hub.notes.contains { $0.contains("8 rows without a label dropped") })
    }

    @Test func oneColumnCannotBeTwoThings() throws {
        let path = try file(12, header: "text,label,kind") { "c\($0 % 2),k\($0 % 2)" }
        for request in [
            DatasetRequest(path: path, textColumn: "kind", labelColumn: "kind"),
            DatasetRequest(path: path, textColumn: "text", pairColumn: "text"),
            DatasetRequest(path: path, pairColumn: "label", labelColumn: "LABEL"),
        ] {
            #expect(code { try scratch.load(request) } == "same-column")
        }
        #expect {
            try scratch.load(.init(path: path, textColumn: "text", labelColumn: "text"))
        } throws: { "\($0)".contains("say label=label, or another of 'label', 'kind'") }
        #expect(
            try scratch.load(.init(path: path, textColumn: "text", labelColumn: "label")).labels.count == 2)
    }

    @Test func classesAreArrangedByName() throws {
        let path = try file(24) { ["a", "b", "c"][$0 % 3] }
        let dataset = try scratch.load(.init(path: path))
        let arranged = try #require(dataset.arranged(as: ["c", "A", "b "]))
        #expect(arranged.labels == ["c", "A", "b "])
        for (old, new) in zip(dataset.train, arranged.train) {
            #expect(
                old.label.map { dataset.labels[$0] }
                    == new.label.map { arranged.labels[$0].lowercased().first.map(String.init) })
        }
        let two = dataset.relabelled(as: ["x", "y"], by: [0, 1, 0])
        #expect(two.labels == ["x", "y"])
        #expect(zip(dataset.train, two.train).allSatisfy { ($0.label == 1) == ($1.label == 1) })
        #expect(dataset.arranged(as: ["a", "b"]) == nil)
        #expect(dataset.arranged(as: ["a", "b", "d"]) == nil)
        #expect(dataset.arranged(as: ["a", "b", "b"]) == nil)
    }
}
