import Diagnostics
import Foundation
import TestScratch
import Testing

@testable import Datasets

/// Sentence pairs in the layouts of SICK, SNLI and the hub's folders, from files that are made here.
@Suite struct EntailmentTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let classes = ["entailment", "neutral", "contradiction"]

    /// A line of SNLI's jsonl, with the columns that nothing is made of.
    private func snli(_ number: Int, _ gold: String) -> String {
        #"{"annotator_labels": ["\#(gold)", "neutral"], "captionID": "3\#(number).jpg#0", "gold_label": "\#(gold)", "#
            + #""pairID": "3\#(number).jpg#0r1n", "sentence1": "A man number \#(number) sleeps.", "#
            + #""sentence1_parse": "(ROOT (NP (DT A)))", "sentence2": "Nobody is awake, \#(number).", "#
            + #""sentence2_parse": "(ROOT (NP (NN Nobody)))"}"#
    }

    private func folder(_ name: String, _ files: [String: String]) throws -> String {
        for (file, content) in files { _ = try scratch.file("\(name)/\(file)", content) }
        return "\(scratch.path)/\(name)"
    }

    @Test func pairsOfSNLIWithoutAnAgreedClassAreDroppedAndCounted() throws {
        let golds = ["neutral", "-", "contradiction", "entailment"]
        func lines(_ from: Int) -> String {
            (from..<from + 40).map { snli($0, golds[$0 % 4]) }.joined(separator: "\n") + "\n"
        }
        let path = try folder(
            "snli_1.0",
            [
                "snli_1.0_train.jsonl": lines(0), "snli_1.0_dev.jsonl": lines(100),
                "snli_1.0_test.jsonl": lines(200), "README.txt": "SNLI",
            ])
        let dataset = try scratch.load(.init(name: "snli", path: path))
        #expect([dataset.train, dataset.validation, dataset.test].map(\.count) == [30, 30, 30])
        #expect(dataset.labels == Self.classes)
        for part in [Split.train, .validation, .test] { #expect(dataset.counts(in: part) == [10, 10, 10]) }
        #expect(dataset.notes.contains("30 rows without a label dropped"))
        let first = try #require(dataset.train.first)
        #expect(first.text.hasPrefix("A man number") && first.pair?.hasPrefix("Nobody is awake") == true)
        #expect(dataset.pairColumn == "sentence2")
    }

    /// The hub's folder: shards called after the parts in `data/`, and either spelling of the classes.
    @Test(arguments: [["entail", "neutral", "contradict"], ["0", "1", "2"], classes])
    func theHubsFolderHasItsPartsAndClasses(names: [String]) throws {
        func rows(_ from: Int, _ count: Int) -> String {
            (from..<from + count).map {
                #"{"premise": "patient \#($0) has a cough", "hypothesis": "patient \#($0) is well", "label": "\#(names[$0 % 3])"}"#
            }.joined(separator: "\n") + "\n"
        }
        let path = try folder(
            "all_nli_med",
            [
                "data/train-00000-of-00002.jsonl": rows(0, 30),
                "data/train-00001-of-00002.jsonl": rows(30, 15),
                "data/validation-00000-of-00001.jsonl": rows(100, 9),
                "data/test-00000-of-00001.jsonl": rows(200, 6), "README.md": "---\n",
            ])
        let dataset = try scratch.load(.init(name: "all_nli_med", path: path))
        #expect([dataset.train, dataset.validation, dataset.test].map(\.count) == [45, 9, 6])
        #expect(dataset.labels == Self.classes && dataset.counts(in: .train) == [15, 15, 15])
        #expect(dataset.train.first { $0.text == "patient 1 has a cough" }?.label == 1)
        #expect(dataset.name == "all_nli_med" && dataset.train.allSatisfy { $0.pair != nil })
    }

    private func sick(_ rows: [String]) throws -> String {
        let head =
            "pair_ID\tsentence_A\tsentence_B\tentailment_label\trelatedness_score\tentailment_AB\tSemEval_set"
        return try scratch.file("SICK.txt", ([head] + rows).joined(separator: "\n") + "\n")
    }

    @Test func sicksTwoJudgementsAreClassesOrNumbers() throws {
        let parts = ["TRAIN", "TRIAL", "TEST"]
        let path = try sick(
            (0..<60).map {
                "\($0)\tA kid \($0) runs\tA child \($0) is running\t\(Self.classes[$0 % 3].uppercased())\t"
                    + "\($0 == 7 ? "" : "\(1 + Double($0 % 40) / 10)")\tA_entails_B\t\(parts[$0 / 20])"
            })
        let byClass = try scratch.load(.init(name: "sick", path: path))
        #expect(byClass.shape == .classes && byClass.labels == Self.classes)
        #expect([byClass.train, byClass.validation, byClass.test].map(\.count) == [20, 20, 20])
        for column in ["relatedness", "relatedness_score", "Relatedness"] {
            var request = DatasetRequest(name: "sick", path: path)
            request.valueColumn = column
            let numbers = try scratch.load(request)
            #expect(numbers.shape == .values && numbers.labels.isEmpty, "\(column)")
            #expect([numbers.train, numbers.validation, numbers.test].map(\.count) == [19, 20, 20])
            #expect(numbers.train.first { $0.text == "A kid 12 runs" }?.value == 2.2)
            #expect(numbers.train.allSatisfy { $0.pair != nil })
            #expect(numbers.notes.contains { $0.hasPrefix("1 row without a number") })
        }
    }

    @Test func aFileWithoutPairsIsRefused() throws {
        let path = try scratch.file("reviews.csv", "text,label\nfine,a\nbad,b\n")
        for name in ["sick", "snli", "all_nli_med"] {
            #expect {
                try scratch.load(.init(name: name, path: path))
            } throws: {
                "\($0)".contains("text, label, expected premise and hypothesis")
            }
        }
        let named = DatasetRequest(name: "snli", path: path, textColumn: "text", pairColumn: "label")
        #expect(code { try scratch.load(named) } != "missing-column")
    }
}
