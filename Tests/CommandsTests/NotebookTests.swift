import Diagnostics
import Display
import Foundation
import JSON
import Testing

@testable import Commands

@Suite struct NotebookTests {
    private func notebook(_ cells: [(source: String, tags: [String])]) throws -> Notebook {
        let written = cells.map { cell -> JSON in
            [
                "cell_type": "code", "source": .array([.string(cell.source)]), "outputs": [],
                "metadata": ["tags": .array(cell.tags.map(JSON.string))], "execution_count": nil,
            ]
        }
        let document: JSON = ["nbformat": 4, "nbformat_minor": 5, "metadata": [:], "cells": .array(written)]
        return try Notebook(parsing: Data(document.utf8()), name: "test")
    }

    private func run(_ notebook: Notebook, _ ending: inout NotebookRun.Ending?) -> NotebookRun {
        let output = NotebookOutput(passingTo: RecordingOutput())
        var run = NotebookRun(notebook, interpreter: CellInterpreter(session: Session()), output: output)
        ending = run.run(interruption: Interruption())
        return run
    }

    @Test func outputsAreWrittenBack() throws {
        var ending: NotebookRun.Ending?
        let run = run(
            try notebook([("echo a\necho b\necho to=stderr c\nversion", []), ("  \n", []), ("x=1", [])]),
            &ending)
        let outputs = run.notebook.outputs(ofCell: 0)
        #expect(outputs.map { $0["output_type"] } == ["stream", "stream", "execute_result"])
        #expect(outputs[0]["text"] == "a\nb\n")
        #expect(outputs[2]["execution_count"] == 1)
        #expect(run.notebook.outputs(ofCell: 2).isEmpty)
        let path = NSTemporaryDirectory() + "lorikeet-notebook-\(UInt64.random(in: 0 ... .max)).ipynb"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try run.notebook.write(to: path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\"a\\n\",\n      \"b\\n\""))
        #expect(try Notebook(path: path).outputs(ofCell: 0)[0]["text"] == "a\nb\n")
    }

    @Test func aDeviceIsNotReplacedAndALinkStaysOne() throws {
        let book = try notebook([("echo a", [])])
        #expect(throws: Diagnostic.self) { try book.write(to: "/dev/null") }
        let folder = NSTemporaryDirectory() + "lorikeet-links-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try book.write(to: "\(folder)/target.ipynb")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/link.ipynb", withDestinationPath: "\(folder)/target.ipynb")
        try book.write(to: "\(folder)/link.ipynb")
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link.ipynb")
        #expect(target == "\(folder)/target.ipynb")
    }

    @Test func aFailingCellEndsTheRunWithItsError() throws {
        var ending: NotebookRun.Ending?
        let run = run(
            try notebook([("laod toy", ["raises-exception"]), ("laod toy", []), ("echo no", [])]), &ending)
        guard case .failed(cell: 1, _)? = ending else {
            Issue.record("it went on")
            return
        }
        #expect(run.notebook.outputs(ofCell: 0)[0]["ename"] == "unknown-verb")
        #expect(run.notebook.outputs(ofCell: 1)[0]["output_type"] == "error")
        #expect(run.notebook.outputs(ofCell: 2).isEmpty)
    }

    @Test func aCheckFindsWhatDiffers() throws {
        var ending: NotebookRun.Ending?
        let first = run(try notebook([("version", []), ("set", [])]), &ending)
        #expect(first.differences.map(\.cell) == [0, 1])
        #expect(run(first.notebook, &ending).differences.isEmpty)
        let old: JSON = ["output_type": "stream", "name": "stdout", "text": "a\nb\nc"]
        let new: JSON = ["output_type": "stream", "name": "stdout", "text": "a\nx\nc"]
        #expect(
            OutputComparison(stored: [old], found: [new]).difference() == ["- stdout: b", "+ stdout: x"])
    }

    @Test func updatesReachEarlierCells() {
        let output = NotebookOutput(passingTo: RecordingOutput())
        output.begin(cell: 0)
        output.display(MimeBundle(plain: "1"), id: "p")
        output.begin(cell: 3)
        output.update(MimeBundle(plain: "2"), id: "p")
        #expect(output.outputs(ofCell: 0)[0]["data"]?["text/plain"] == "2")
        output.write("x", to: .standardOutput)
        output.clear(wait: true)
        #expect(output.outputs(ofCell: 3).count == 1)
        output.write("y", to: .standardOutput)
        #expect(output.outputs(ofCell: 3).map { $0["text"] } == ["y"])
    }

    @Test(arguments: ["", "{", "[]", "{\"cells\": []}", "{\"cells\": [], \"nbformat\": 3}"])
    func whatIsNoNotebookIsRefused(text: String) {
        #expect(throws: Diagnostic.self) { try Notebook(parsing: Data(text.utf8), name: "x.ipynb") }
    }

    @Test func brokenOutputsAreNotKept() throws {
        func notebook(_ cell: String) throws -> Notebook {
            try Notebook(
                parsing: Data("{\"cells\":[\(cell)],\"nbformat\":4,\"metadata\":{}}".utf8), name: "a.ipynb")
        }
        let good = #"{"output_type":"stream","name":"stdout","text":"1\n"}"#
        for (outputs, kept) in [(#""broken""#, 0), ("null", 0), (#"[{"bad":1},\#(good),3]"#, 1), ("[]", 0)] {
            let cell = #"{"cell_type":"code","source":"","metadata":{},"outputs":\#(outputs)}"#
            let path = NSTemporaryDirectory() + "lorikeet-\(UInt64.random(in: 0 ... .max)).ipynb"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try notebook(cell).write(to: path)
            let written = try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(written["cells"]?.array?[0]["outputs"]?.array?.count == kept, "\(outputs)")
            #expect(written["cells"]?.array?[0]["execution_count"] == .null)
        }
        for cell in ["3", #""x""#, "{}", #"{"cell_type":3}"#] {
            #expect(throws: Diagnostic.self) { try notebook(cell) }
        }
    }
}
