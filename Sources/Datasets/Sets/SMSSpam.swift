import Diagnostics

/// Text messages, ham or spam (Almeida & Hidalgo 2011): `label<TAB>text` without a header.
struct SMSSpam: DatasetSource {
    let name = "sms_spam"
    let summary =
        "5,574 text messages, ham or spam, from path=SMSSpamCollection; balanced=yes evens the classes"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        let path = try requiredPath(request)
        let file = try TextFile.table(at: path, in: context)
        let bytes = file.lines
        guard bytes.starts(with: "ham".utf8) || bytes.starts(with: "spam".utf8),
            let tab = bytes.firstIndex(of: UInt8(ascii: "\t")), tab <= 4
        else {
            // A CSV edition with a header.
            return try TableFile().rows(at: path, in: context)
        }
        var reader = CSVReader(bytes, delimiter: UInt8(ascii: "\t"), hasQuotes: false, source: path)
        let records = try reader.records(interruption: context.interruption)
        var rows = Rows(
            columns: ["label", "text"], values: records, notes: file.notes, source: path)
        guard records.allSatisfy({ $0.count == 2 }) else {
            throw Diagnostic("ragged-row", "\(path) has lines without a tab", hint: "expected label<TAB>text")
        }
        rows.roles = Rows.Roles(text: "text", label: "label", labels: ["ham", "spam"])
        return rows
    }
}
