import Diagnostics
import Foundation

/// The gnuplot program: draws a script as SVG and PNG in one run.
package struct Gnuplot: Sendable {
    let path: String
    package var timeLimit: Duration = .seconds(20)

    package init(path: String) { self.path = path }

    /// The one in `PATH`, looked up once.
    package static let installed = ChildProcess.find("gnuplot").map { Gnuplot(path: $0) }

    static let missing = Diagnostic(
        "no-gnuplot", "gnuplot is not installed",
        hint: "the package gnuplot-nox has it (brew: gnuplot)")

    func picture(
        of script: GnuplotScript, title: String, summary: String, size: ChartSize
    ) -> Result<Picture, Diagnostic> {
        let input = script.text(title: title, size: size)
        // A user's own gnuplot settings would change the picture.
        var process = ChildProcess(path, ["--default-settings"])
        process.input = Array(input.utf8)
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"]
        process.environment?["FONTCONFIG_PATH"] = ProcessInfo.processInfo.environment["FONTCONFIG_PATH"]
        process.timeLimit = timeLimit
        let outcome: ChildProcess.Outcome
        do {
            outcome = try process.run()
        } catch let diagnostic as Diagnostic {
            return .failure(diagnostic)
        } catch {
            return .failure(Diagnostic("no-picture", "gnuplot was stopped"))
        }
        guard let picture = Picture(outcome.output, title: title, summary: summary) else {
            return .failure(
                Diagnostic(
                    "no-picture", "gnuplot drew nothing: \(outcome.errorText.onOneLine.clipped(to: 200))"))
        }
        return .success(picture)
    }
}

/// A drawing in both static forms.
struct Picture: Sendable {
    let svg: String
    /// Base64; nil where gnuplot lacks the cairo terminal.
    let png: String?

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Takes apart gnuplot's output: an SVG document, then a PNG file.
    init?(_ output: [UInt8], title: String, summary: String) {
        let boundary = output.firstRange(of: Self.pngSignature)?.lowerBound ?? output.endIndex
        let drawn = String(decoding: output[..<boundary], as: UTF8.self)
        guard let tidied = SVG.tidied(drawn, title: title, summary: summary) else { return nil }
        svg = tidied
        png = boundary < output.endIndex ? Data(output[boundary...]).base64EncodedString() : nil
    }
}
