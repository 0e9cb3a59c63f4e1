import Diagnostics
import Display
import JSON
import Language
import Synchronization

/// Gathers the outputs of the cells of a notebook as its file holds them.
///
/// Streams are joined, updates reach the display they name (also one of an earlier cell), and
/// everything is handed on to another output (the terminal) as well.
package final class NotebookOutput: Output {
    private struct Place {
        var cell: Int
        var output: Int
    }

    private struct State {
        var cell = 0
        var outputs: [Int: [JSON]] = [:]
        var displays: [String: [Place]] = [:]
        var clearsNext = false
    }

    private let state = Mutex(State())
    private let next: any Output

    package init(passingTo next: any Output) {
        self.next = next
    }

    package func begin(cell: Int) {
        state.withLock {
            $0.cell = cell
            $0.outputs[cell] = []
            $0.clearsNext = false
        }
    }

    package func outputs(ofCell cell: Int) -> [JSON] { state.withLock { $0.outputs[cell] ?? [] } }

    package func result(_ bundle: MimeBundle, count: Int) {
        add([
            "output_type": "execute_result", "execution_count": .integer(count),
            "data": .object(bundle.data), "metadata": .object(bundle.metadata),
        ])
        next.display(bundle, id: nil)
    }

    package func fail(_ report: DiagnosticReport) {
        add([
            "output_type": "error", "ename": .string(report.diagnostic.code),
            "evalue": .string(report.diagnostic.message),
            "traceback": .array(report.traceback().map(JSON.string)),
        ])
    }

    /// Hands an expected failure on, as text.
    package func show(_ report: DiagnosticReport) {
        next.write(report.lines(columns: next.columns).joined(separator: "\n") + "\n", to: .standardOutput)
    }

    // MARK: - Output

    package func display(_ bundle: MimeBundle, id: String?) {
        add(Self.display(bundle), id: id)
        next.display(bundle, id: id)
    }

    package func update(_ bundle: MimeBundle, id: String) {
        state.withLock { state in
            for place in state.displays[id] ?? [] {
                guard state.outputs[place.cell]?.indices.contains(place.output) == true else { continue }
                state.outputs[place.cell]?[place.output] = Self.display(bundle)
            }
        }
        next.update(bundle, id: id)
    }

    package func write(_ text: String, to stream: OutputStream) {
        state.withLock { state in
            Self.clearIfAsked(&state)
            let name = JSON.string(stream.rawValue)
            var outputs = state.outputs[state.cell] ?? []
            if let last = outputs.last?.object, last["output_type"] == "stream", last["name"] == name,
                let before = last["text"]?.string
            {
                outputs[outputs.count - 1] = Self.stream(name, before + text)
            } else {
                outputs.append(Self.stream(name, text))
            }
            state.outputs[state.cell] = outputs
        }
        next.write(text, to: stream)
    }

    package func clear(wait: Bool) {
        state.withLock { state in
            state.clearsNext = true
            if !wait { Self.clearIfAsked(&state) }
        }
        next.clear(wait: wait)
    }

    package func page(_ bundle: MimeBundle) { next.page(bundle) }

    package func input(prompt: String, isPassword: Bool) throws -> String {
        try next.input(prompt: prompt, isPassword: isPassword)
    }

    // MARK: - Pieces

    private func add(_ output: JSON, id: String? = nil) {
        state.withLock { state in
            Self.clearIfAsked(&state)
            let place = Place(cell: state.cell, output: state.outputs[state.cell]?.count ?? 0)
            state.outputs[state.cell, default: []].append(output)
            if let id { state.displays[id, default: []].append(place) }
        }
    }

    private static func clearIfAsked(_ state: inout State) {
        guard state.clearsNext else { return }
        let cell = state.cell
        state.clearsNext = false
        state.outputs[cell] = []
        state.displays = state.displays.mapValues { $0.filter { $0.cell != cell } }
    }

    private static func display(_ bundle: MimeBundle) -> JSON {
        [
            "output_type": "display_data", "data": .object(bundle.data),
            "metadata": .object(bundle.metadata),
        ]
    }

    private static func stream(_ name: JSON, _ text: String) -> JSON {
        ["output_type": "stream", "name": name, "text": .string(text)]
    }
}
