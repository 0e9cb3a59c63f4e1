import Diagnostics
import Foundation
import System

/// The gnuplot program: draws a script as SVG, PNG and PDF in one run.
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
        process.environment = [
            "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent",
            // Cairo then leaves a PDF's objects uncompressed, the date of its making among them.
            "CAIRO_DEBUG_PDF": "1",
        ]
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

/// A drawing in its static forms; PNG and PDF are base64, nil where gnuplot lacks the cairo terminals.
struct Picture: Sendable {
    /// What it shows, in words.
    let words: String
    let svg: String
    let png: String?
    let pdf: String?

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let pngEnd: [UInt8] = [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// Takes apart gnuplot's output: an SVG document, then a PNG file, then a PDF file.
    init?(_ output: [UInt8], title: String, summary: String) {
        let boundary = output.firstRange(of: Self.pngSignature)?.lowerBound ?? output.endIndex
        let drawn = String(decoding: output[..<boundary], as: UTF8.self)
        guard let tidied = SVG.tidied(drawn, title: title, summary: summary) else { return nil }
        svg = tidied
        words = "\(title). \(summary)".onOneLine
        let end = output[boundary...].firstRange(of: Self.pngEnd)?.upperBound ?? output.endIndex
        png = boundary < end ? Data(output[boundary..<end]).base64EncodedString() : nil
        pdf =
            output[end...].starts(with: "%PDF-".utf8)
            ? Self.timeless(output[end...]).base64EncodedString() : nil
    }

    /// The same drawing gives the same file: the date of its making, which cairo writes, becomes 1970.
    private static func timeless(_ file: ArraySlice<UInt8>) -> Data {
        var bytes = Array(file)
        let date = Array("19700101000000".utf8)
        if let mark = bytes.firstRange(of: "/CreationDate (D:".utf8),
            mark.upperBound + date.count <= bytes.count
        {
            bytes.replaceSubrange(mark.upperBound..<mark.upperBound + date.count, with: date)
        }
        return Data(bytes)
    }
}

extension Picture {
    /// Puts its forms into a bundle, for pages of any colour.
    ///
    /// - `size`: of the drawing in CSS pixels.
    func add(to bundle: inout MimeBundle, size: ChartSize) {
        bundle.data[MimeType.svg] = .string(svg)
        // By this name nbconvert's and Sphinx's pages know the words for who does not see the picture.
        bundle.metadata[MimeType.svg] = ["alt": .string(words)]
        // nbconvert --to latex takes it, and would else ask Inkscape for one.
        bundle.data[MimeType.pdf] = pdf.map { .string($0) }
        if let png {
            bundle.data[MimeType.png] = .string(png)
            bundle.metadata[MimeType.png] = [
                "width": .integer(size.width), "height": .integer(size.height),
                "needs_background": "light", "alt": .string(words),
            ]
        }
        bundle.metadata["needs_background"] = "light"
    }
}
