import Diagnostics
import Display
import Foundation
import JSON
import System

/// What has lines for a file that its value, which is for programs, has not.
protocol Tabular {
    var rows: [JSON] { get }
}

/// What was shown, written to a file by its ending: a picture, or its numbers.
enum DisplayFile {
    /// - Throws: `bad-format` for an ending that this cannot be written as; `no-picture`; `cannot-write`.
    static func write(_ shown: any Displayable, to path: String) throws {
        let path = expandingHome(path)
        let ending = URL(filePath: path).pathExtension.lowercased()
        let bundle = shown.mimeBundle()
        let isChart = bundle.data[MimeType.vegaLite] != nil || bundle.data[MimeType.svg] != nil
        let endings = isChart ? endingsOfPlots : endingsOfTables
        guard endings.contains(ending) else {
            throw Diagnostic(
                "bad-format",
                ending.isEmpty
                    ? "\(path) has no ending that says what to write"
                    : "\(isChart ? "a plot" : "a table") cannot be written as .\(ending)",
                hint:
                    "let the name end in .\(endings.dropLast().joined(separator: ", .")) or .\(endings.last ?? "")"
            )
        }
        try AtomicFile.write(try bytes(of: shown, bundle, as: ending), to: path)
    }

    static let endingsOfPlots = pictures.map(\.ending) + ["csv"]
    static let endingsOfTables = ["csv"] + texts.map(\.ending)

    private static let pictures = [
        (ending: "svg", type: MimeType.svg), (ending: "png", type: MimeType.png),
        (ending: "pdf", type: MimeType.pdf),
    ]
    private static let texts = [
        (ending: "md", type: MimeType.markdown), (ending: "tex", type: MimeType.latex),
        (ending: "html", type: MimeType.html),
    ]

    private static func bytes(of shown: any Displayable, _ bundle: MimeBundle, as ending: String) throws
        -> [UInt8]
    {
        if ending == "csv" {
            return Array(csv((shown as? any Tabular).map { .array($0.rows) } ?? shown.value).utf8)
        }
        guard let type = (pictures + texts).first(where: { $0.ending == ending })?.type,
            let text = bundle.data[type]?.string
        else {
            throw Diagnostic("no-picture", "there is no .\(ending) of this", hint: "let the name end in .csv")
        }
        guard ending == "png" || ending == "pdf" else { return Array((text + "\n").utf8) }
        guard let data = Data(base64Encoded: text) else {
            throw Diagnostic("no-picture", "the picture cannot be read")
        }
        return [UInt8](data)
    }

    /// The rows of a value, a column for each of their names, `validation.loss` for one within another; a list stands
    /// as JSON.
    static func csv(_ value: JSON) -> String {
        let found = value.array ?? value["rows"]?.array ?? [value]
        let rows = found.map { JSON.object(JSONObject(flat(of: $0))) }
        var names: [String] = []
        for row in rows {
            for name in row.object?.keys ?? [] where !names.contains(name) { names.append(name) }
        }
        let lines = rows.map { row in names.map { text(of: row[$0] ?? .null) } }
        return ([names] + lines).map { row($0) + "\r\n" }.joined()
    }

    private static func flat(of row: JSON) -> [(String, JSON)] {
        guard let object = row.object else { return [] }
        return object.keys.flatMap { name -> [(String, JSON)] in
            let value = object[name] ?? .null
            return value.object == nil ? [(name, value)] : flat(of: value).map { ("\(name).\($0)", $1) }
        }
    }

    /// A line of separated values, by RFC 4180.
    static func row(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") }

    private static func text(of value: JSON) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: value.text()
        }
    }

    private static func quoted(_ text: String) -> String {
        // Scalars, as readers see them: a comma with an accent over it is one character and still a comma.
        let special = ",\"\r\n".unicodeScalars
        guard text.unicodeScalars.contains(where: special.contains) else { return text }
        var whole = "\"".unicodeScalars
        for scalar in text.unicodeScalars {
            whole.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar])
        }
        return String(whole) + "\""
    }
}
