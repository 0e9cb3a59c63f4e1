import Diagnostics
import Foundation

/// A folder of data: files named after the parts (as on the Hugging Face hub), folders named
/// after the parts, or folders named after the classes with one text a file.
struct DataFolder {
    let path: String
    let context: LoadContext

    func rows() throws -> Rows {
        let entries = try entries(of: path)
        if let data = entries.folders.first(where: { $0 == "data" }), entries.folders.count == 1,
            try dataFiles(entries.files).isEmpty
        {
            return try DataFolder(path: "\(path)/\(data)", context: context).rows()
        }
        let files = try dataFiles(entries.files)
        let partFolders = entries.folders.filter { Split(named: $0) != nil }
        var rows: Rows
        if !files.isEmpty {
            rows = try self.rows(of: files)
        } else if !partFolders.isEmpty {
            rows = Rows(columns: [])
            for folder in partFolders {
                rows.append(try part(folder))
            }
        } else if !entries.folders.isEmpty {
            rows = try classes(entries.folders, in: path, split: nil)
        } else {
            throw Diagnostic(
                "no-rows", "the folder \(path) holds no data that is understood",
                hint:
                    "expected train.csv and test.csv (or jsonl, parquet), or one folder a class with text files"
            )
        }
        let used = files.isEmpty ? (partFolders.isEmpty ? entries.folders : partFolders) : []
        let unused = entries.folders.filter { !used.contains($0) }
        if !unused.isEmpty { rows.notes.append("folders left aside: \(Self.listed(unused))") }
        rows.source = path
        return rows
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(5).map(\.forMessages).joined(separator: ", ")
            + (names.count > 5 ? " and \((names.count - 5).grouped) more" : "")
    }

    /// A folder called train or test: data files, or one folder a class.
    private func part(_ name: String) throws -> Rows {
        let folder = "\(path)/\(name)"
        let entries = try entries(of: folder)
        let files = try dataFiles(entries.files)
        guard files.isEmpty else {
            var rows = Rows(columns: [])
            for file in files { rows.append(try RowFormats.rows(at: "\(folder)/\(file)", in: context)) }
            rows.splits = Array(repeating: Split(named: name), count: rows.values.count)
            return rows
        }
        return try classes(entries.folders, in: folder, split: Split(named: name))
    }

    /// Shards of a part, such as `train-00000-of-00002.parquet`, are joined in the order of their names.
    private func rows(of files: [String]) throws -> Rows {
        let named = files.map { (file: $0, split: Self.split(ofFile: $0)) }
        let parts = named.filter { $0.split != nil }
        guard !parts.isEmpty || files.count == 1 else {
            throw Diagnostic(
                "many-files",
                "\(path) holds \(files.count.grouped) data files, none called train or test: \(Self.listed(files))",
                hint: "name one: path=\(path)/\(files[0])")
        }
        var rows = Rows(columns: [])
        for (file, split) in parts.isEmpty ? named : parts {
            var part = try RowFormats.rows(at: "\(path)/\(file)", in: context)
            part.splits = Array(repeating: split, count: part.values.count)
            rows.append(part)
        }
        let unused = parts.isEmpty ? 0 : files.count - parts.count
        if unused > 0 {
            let names = named.filter { $0.split == nil }.map(\.file)
            rows.notes.append(
                "\(counted(unused, "file")) named after no part left aside: \(Self.listed(names))")
        }
        return rows
    }

    /// The part in a name such as `test.csv` or `train-00000-of-00001.parquet`.
    private static func split(ofFile name: String) -> Split? {
        let words = name.split { !$0.isLetter }
        return words.first.flatMap { Split(named: String($0)) }
            ?? words.lazy.compactMap { Split(named: String($0)) }.first
    }

    /// The files of a class from which on reading them is said.
    private static let countToSay = 1_000

    /// One folder a class, one text a file; `unsup` (unlabelled reviews) is left aside.
    private func classes(_ folders: [String], in root: String, split: Split?) throws -> Rows {
        var rows = Rows(columns: ["text", "label", "file"])
        rows.roles = Rows.Roles(text: "text", label: "label")
        var guessed: [TextEncoding: Int] = [:]
        var odd = 0
        var others = 0
        for folder in folders where folder != "unsup" {
            let entries = try entries(of: "\(root)/\(folder)")
            let files = entries.files.filter { $0.hasSuffix(".txt") }
            others += entries.files.count - files.count + entries.folders.count
            if files.count >= Self.countToSay {
                context.progress("reading \(files.count.grouped) texts of \(folder)")
            }
            for file in files.sorted(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) {
                try context.interruption.check()
                let place = "\(root)/\(folder)/\(file)"
                let text = try TextFile(at: place, in: context)
                if let guess = text.guess { guessed[guess, default: 0] += 1 }
                if text.oddBytes > 0 { odd += 1 }
                rows.values.append([text.text, folder, file])
                rows.splits.append(split)
            }
        }
        for (encoding, count) in guessed.sorted(by: { $0.key.name < $1.key.name }) {
            rows.notes.append(
                .warning(
                    "\(counted(count, "text")) \(count == 1 ? "is" : "are") no UTF-8, read as \(encoding.name) (encoding= names another)"
                ))
        }
        if odd > 0 {
            rows.notes.append(
                .warning("\(counted(odd, "text")) had bytes that are no UTF-8, read as windows-1252"))
        }
        if folders.contains("unsup") { rows.notes.append("unsup, texts without a class, left aside") }
        if others > 0 {
            rows.notes.append(
                "\(counted(others, "entry", "entries")) in the classes' folders left aside: no .txt files")
        }
        guard !rows.values.isEmpty else {
            throw Diagnostic(
                "no-rows", "the folders in \(root) hold no .txt files",
                hint: "expected one folder a class with a text file for each example")
        }
        return rows
    }

    private func dataFiles(_ files: [String]) throws -> [String] {
        files.filter { file in
            RowFormats.ending(of: file) != "txt" && RowFormats.format(of: file) != nil
                && !["config.json", "dataset_infos.json", "dataset_info.json", "state.json"].contains(file)
        }
    }

    private func entries(of folder: String) throws -> (files: [String], folders: [String]) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Diagnostic("not-readable", "the folder \(folder) could not be read")
        }
        var files: [String] = []
        var folders: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
            if isFolder.boolValue { folders.append(name) } else { files.append(name) }
        }
        return (files, folders)
    }
}
