import Datasets
import Foundation
import TestScratch
import Testing

@Suite struct DataFolderTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func oneFolderAClass() throws {
        for index in 0..<10 {
            _ = try scratch.file("set/neg/\(index).txt", "bad thing \(index)")
            _ = try scratch.file("set/pos/\(index).txt", "good thing \(index)")
        }
        let dataset = try scratch.load(.init(path: "\(scratch.path)/set", test: 4))
        #expect(dataset.labels == ["neg", "pos"])
        #expect(dataset.counts(in: .test) == [2, 2])
    }

    @Test func foldersForPartsAreHonoured() throws {
        for (part, count) in [("train", 3), ("test", 2)] {
            for label in ["neg", "pos"] {
                for index in 0..<count {
                    _ = try scratch.file("acl/\(part)/\(label)/\(index)_1.txt", "\(part) \(label) \(index)")
                }
            }
        }
        _ = try scratch.file("acl/train/unsup/0_0.txt", "nobody knows")
        let dataset = try scratch.load(.init(name: "imdb", path: "\(scratch.path)/acl"))
        #expect(dataset.train.count == 6)
        #expect(dataset.test.count == 4)
        #expect(dataset.labels == ["negative", "positive"])
        #expect(dataset.test.allSatisfy { $0.text.hasPrefix("test") })
    }

    @Test func hubFoldersAreRead() throws {
        let lines = { (part: String) in (0..<4).map { "\(part) text \($0),\($0 % 2)\n" }.joined() }
        _ = try scratch.file("hub/README.md", "# A data set")
        _ = try scratch.file("hub/data/train-00000-of-00002.csv", "text,label\n" + lines("a"))
        _ = try scratch.file("hub/data/train-00001-of-00002.csv", "text,label\n" + lines("b"))
        _ = try scratch.file("hub/data/validation-00000-of-00001.csv", "text,label\n" + lines("c"))
        _ = try scratch.file("hub/data/test-00000-of-00001.csv", "text,label\n" + lines("d"))
        let dataset = try scratch.load(.init(path: "\(scratch.path)/hub"))
        #expect([dataset.train, dataset.validation, dataset.test].map(\.count) == [8, 4, 4])
        #expect(Set((dataset.train + dataset.test).map(\.id)).count == 12)
    }

    @Test func aColumnSplitIsHonoured() throws {
        let path = try scratch.file(
            "d.csv",
            "text,label,split\n"
                + ["train", "train", "dev", "test", "train", "test"].enumerated()
                .map { "text number \($0.offset),\($0.offset % 2),\($0.element)\n" }.joined())
        let dataset = try scratch.load(.init(path: path))
        #expect(Set(dataset.train.map(\.id)) == [0, 1, 4])
        #expect(dataset.validation.map(\.id) == [2])
        #expect(Set(dataset.test.map(\.id)) == [3, 5])
    }

    @Test func manyFilesWithoutPartsAreAQuestion() throws {
        _ = try scratch.file("many/a.csv", "text,label\nx,1\n")
        _ = try scratch.file("many/b.csv", "text,label\nx,1\n")
        #expect(code { try scratch.load(.init(path: "\(scratch.path)/many")) } == "many-files")
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/empty", withIntermediateDirectories: true)
        #expect(code { try scratch.load(.init(path: "\(scratch.path)/empty")) } == "no-rows")
    }

    @Test func whatIsLeftAsideIsSaid() throws {
        for label in ["neg", "pos"] {
            for index in 0..<6 { _ = try scratch.file("set/\(label)/\(index).txt", "\(label) \(index)") }
        }
        _ = try scratch.file("set/pos/picture.png", "x")
        _ = try scratch.file("set/unsup/0.txt", "nobody knows")
        let notes = try scratch.load(.init(path: "\(scratch.path)/set")).notes
        #expect(notes.contains("unsup, texts without a class, left aside"))
        #expect(notes.contains("1 entry in the classes' folders left aside: no .txt files"))
        let rows = "text,label\n" + (0..<6).map { "text \($0),\($0 % 2)\n" }.joined()
        _ = try scratch.file("hub/train.csv", rows)
        _ = try scratch.file(
            "hub/test.csv",
            rows.replacing("text,label", with: "text,label,more").replacing("\n", with: ",x\n").replacing(
                "more,x", with: "more"))
        _ = try scratch.file("hub/other.csv", rows)
        _ = try scratch.file("hub/scripts/x.py", "pass")
        let hub = try scratch.load(.init(path: "\(scratch.path)/hub")).notes
        #expect(hub.contains("folders left aside: scripts"))
        #expect(hub.contains("1 file named after no part left aside: other.csv"))
        #expect(hub.contains("the column more is not in every file: empty where it is missing"))
    }
}
