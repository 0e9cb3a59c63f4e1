import Diagnostics
import Foundation
import JSON

/// A Jupyter notebook file (nbformat 4): cells to run, outputs to write back.
package struct Notebook: Sendable {
    private var document: JSONObject
    private var cells: [JSON]

    /// In bytes, with its outputs.
    private static let largest = 1 << 30

    /// - Throws: as `InputFile`; `bad-notebook` with what was expected.
    package init(path: String) throws {
        try self.init(parsing: InputFile.bytes(of: path, limit: Self.largest), name: path)
    }

    package init(parsing bytes: Data, name: String) throws {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch let problem as Diagnostic {
            throw Diagnostic("bad-notebook", "\(name) is no notebook: \(problem.message)")
        }
        guard let document = json.object, let cells = document["cells"]?.array else {
            throw Diagnostic("bad-notebook", "\(name) is no notebook: it has no list of cells")
        }
        guard let format = document["nbformat"]?.integer, format >= 4 else {
            throw Diagnostic(
                "bad-notebook", "\(name) has a format older than 4",
                hint: "jupyter nbconvert --to notebook renews it")
        }
        self.document = document
        self.cells = try cells.enumerated().map { index, cell in
            guard let fields = cell.object, fields["cell_type"]?.string != nil else {
                throw Diagnostic(
                    "bad-notebook", "cell \(index + 1) of \(name) is no cell: it has no cell_type")
            }
            return .object(mended(fields))
        }
    }

    package var cellCount: Int { cells.count }

    /// The places of the code cells that are to be run.
    package var runnable: [Int] {
        cells.indices.filter { index in
            cells[index]["cell_type"]?.string == "code" && !tags(ofCell: index).contains("skip-execution")
                && !source(ofCell: index).allSatisfy(\.isWhitespace)
        }
    }

    package func source(ofCell index: Int) -> String {
        cells[index]["source"].map(joinedText) ?? ""
    }

    package func tags(ofCell index: Int) -> [String] {
        (cells[index]["metadata"]?["tags"]?.array ?? []).compactMap(\.string)
    }

    /// The stored outputs, their texts joined to whole strings.
    package func outputs(ofCell index: Int) -> [JSON] {
        (cells[index]["outputs"]?.array ?? []).map(normalised)
    }

    package mutating func set(outputs: [JSON], count: Int, ofCell index: Int) {
        guard var cell = cells[index].object else { return }
        cell["outputs"] = .array(outputs.map(split))
        cell["execution_count"] = .integer(count)
        cells[index] = .object(cell)
    }

    /// Whether it could be written there, found out before the hours that come first.
    ///
    /// - Throws: `not-written` with what stands against it.
    package static func checkTarget(_ path: String) throws {
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        // A link stays one, and what is no file (a device, a pipe) is not replaced by one.
        let kind = try? FileManager.default.attributesOfItem(atPath: place.path)[.type] as? FileAttributeType
        guard kind == nil || kind == .typeRegular else {
            throw Diagnostic("not-written", "\(path) is no regular file, so no notebook is written to it")
        }
        let folder = place.deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
        else {
            throw Diagnostic(
                "not-written", "\(path) cannot be written: \(folder) is no folder",
                hint: "make the folder first, or name another file")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw Diagnostic(
                "not-written", "\(path) cannot be written: nothing may be written in \(folder)",
                hint: "make the folder first, or name another file")
        }
    }

    /// Writes the notebook as Jupyter does: sorted keys, an indent of one, texts as lists of lines.
    package func write(to path: String) throws {
        var copy = document
        copy["cells"] = .array(cells)
        let text = sorted(.object(copy)).utf8(indent: 1) + [0x0A]
        try Self.checkTarget(path)
        do {
            let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            try Data(text).write(to: place, options: .atomic)
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let reason = cause.flatMap { $0.domain == NSPOSIXErrorDomain ? Int32(exactly: $0.code) : nil }
            let why = reason.map { ": " + String(cString: strerror($0)) } ?? ""
            throw Diagnostic(
                "not-written", "\(path) could not be written\(why)", hint: "name another file")
        }
    }
}

/// A code cell as the format demands it: outputs that are none are left off, missing fields are there.
private func mended(_ cell: JSONObject) -> JSONObject {
    guard cell["cell_type"]?.string == "code" else { return cell }
    var cell = cell
    let outputs = cell["outputs"]?.array ?? []
    cell["outputs"] = .array(outputs.filter { $0["output_type"]?.string != nil })
    if cell["execution_count"]?.integer == nil { cell["execution_count"] = .null }
    return cell
}

// MARK: - Texts as lists of lines

private func joinedText(_ value: JSON) -> String {
    value.string ?? (value.array ?? []).compactMap(\.string).joined()
}

private func isSplitText(_ mimeType: String) -> Bool {
    mimeType.hasPrefix("text/") || mimeType == "image/svg+xml" || mimeType == "application/javascript"
}

/// An output with its texts joined.
private func normalised(_ output: JSON) -> JSON {
    guard var object = output.object else { return output }
    if let text = object["text"] { object["text"] = .string(joinedText(text)) }
    if var data = object["data"]?.object {
        for (type, value) in data where value.array != nil && !type.hasSuffix("json") {
            data[type] = .string(joinedText(value))
        }
        object["data"] = .object(data)
    }
    return .object(object)
}

/// An output with its texts as lists of lines, as notebook files hold them.
private func split(_ output: JSON) -> JSON {
    guard var object = output.object else { return output }
    if let text = object["text"]?.string { object["text"] = lines(text) }
    if var data = object["data"]?.object {
        for (type, value) in data where isSplitText(type) {
            if let text = value.string { data[type] = lines(text) }
        }
        object["data"] = .object(data)
    }
    return .object(object)
}

private func lines(_ text: String) -> JSON {
    var lines: [JSON] = []
    var start = text.utf8.startIndex
    while start < text.utf8.endIndex {
        let end = text.utf8[start...].firstIndex(of: 0x0A).map(text.utf8.index(after:)) ?? text.utf8.endIndex
        lines.append(.string(String(text[start..<end])))
        start = end
    }
    return .array(lines)
}

private func sorted(_ value: JSON) -> JSON {
    switch value {
    case .array(let items): .array(items.map(sorted))
    case .object(let object):
        .object(JSONObject(object.sorted { $0.key < $1.key }.map { ($0.key, sorted($0.value)) }))
    default: value
    }
}
