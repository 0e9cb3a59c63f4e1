import Commands
import Diagnostics
import Display
import Jupyter
import Language
import System

/// The language's interpreter as the server knows interpreters.
struct LorikeetInterpreter: Interpreter {
    /// Front ends wait for the kernel's name and version, and not for the declarations of all verbs.
    private let deferred = Deferred { CellInterpreter(session: Session()) }

    private var cells: CellInterpreter { deferred.value }

    func prepare() { _ = deferred.value }

    var language: LanguageDescription {
        LanguageDescription(
            name: KernelSpec.language, version: Lorikeet.version,
            banner: "Lorikeet \(Lorikeet.version): \(Lorikeet.summary)\nType help for the verbs.",
            mimeType: "text/x-lorikeet", fileExtension: ".lk", pygmentsLexer: "bash",
            codeMirrorMode: ["name": "lorikeet", "mime": "text/x-sh"],
            helpLinks: [
                (text: "LoRA (Hu et al. 2021)", url: "https://arxiv.org/abs/2106.09685"),
                (text: "Jupyter", url: "https://docs.jupyter.org"),
            ])
    }

    func run(
        cell source: String, output: any Output, interruption: Interruption
    ) -> CellEnding {
        switch cells.run(cell: source, output: output, interruption: interruption).ending {
        case .finished(let value): return .finished(value)
        case .interrupted(let isSaid): return .interrupted(isSaid: isSaid)
        case .failed(let report):
            return .failed(
                CellFailure(
                    name: report.diagnostic.code, value: report.diagnostic.message,
                    traceback: report.traceback(columns: output.columns)))
        }
    }

    func evaluate(expression: String) -> Result<MimeBundle, Diagnostic> {
        cells.evaluate(expression: expression)
    }

    func complete(_ source: String, at cursor: Int) -> Completions {
        let found = cells.complete(source, cursor: cursor)
        return Completions(
            start: found.span.start, end: found.span.end,
            items: found.items.map { item in
                Completions.Item(
                    text: item.text, kind: item.kind.rawValue,
                    signature: item.detail.isEmpty ? nil : item.detail, note: item.note)
            })
    }

    func inspect(_ source: String, at cursor: Int, detail: Int) -> MimeBundle? {
        cells.inspect(source, cursor: cursor, detail: detail)
    }

    func completeness(of source: String) -> InputState {
        switch cells.completeness(of: source) {
        case .complete: .complete
        case .incomplete(let indent): .incomplete(indent: indent)
        case .invalid: .invalid
        }
    }
}
