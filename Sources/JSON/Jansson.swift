import CJansson
import Diagnostics

extension JSON {
    /// Parses a whole UTF-8 text as one JSON value (any kind, not only objects).
    ///
    /// - Throws: `bad-json` with the line and column, also for nesting deeper than 2048.
    package init(parsing text: String) throws {
        var text = text
        self = try text.withUTF8 { try JSON(parsing: UnsafeRawBufferPointer($0)) }
    }

    package init(parsing bytes: some Collection<UInt8>) throws {
        let parsed = try bytes.withContiguousStorageIfAvailable {
            try JSON(parsing: UnsafeRawBufferPointer($0))
        }
        self = try parsed ?? Array(bytes).withUnsafeBytes { try JSON(parsing: $0) }
    }

    package init(parsing bytes: UnsafeRawBufferPointer) throws {
        try self.init(parsing: bytes, flags: JSON.lenient)
    }

    /// Any kind of value, and NUL in strings.
    static let lenient = Int(JSON_DECODE_ANY | JSON_ALLOW_NUL)

    init(parsing bytes: UnsafeRawBufferPointer, flags: Int) throws {
        var error = json_error_t()
        let start = bytes.bindMemory(to: CChar.self).baseAddress
        var root = start.flatMap { json_loadb($0, bytes.count, flags, &error) }
        // A whole number that 64 bits don't hold (Transformers writes 10³⁰ for "no limit") is the nearest
        // double, as it is to Python's and JavaScript's readers of floats.
        let rounds = root == nil && reason(of: error).hasPrefix("too big")
        if rounds {
            root = start.flatMap { json_loadb($0, bytes.count, flags | Int(JSON_DECODE_INT_AS_REAL), &error) }
        }
        guard let root else {
            throw Diagnostic(
                "bad-json",
                bytes.isEmpty
                    ? "expected JSON, found nothing"
                    : "not valid JSON at line \(error.line), column \(error.column): \(reason(of: error))")
        }
        defer { lorikeet_json_release(root) }
        self.init(adopting: root, areWholesReal: rounds)
    }
}

private func reason(of error: json_error_t) -> String {
    withUnsafeBytes(of: error.text) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension JSON {
    /// - `areWholesReal`: whether whole numbers were read as reals.
    private init(adopting value: UnsafeMutablePointer<json_t>, areWholesReal: Bool) {
        switch json_type(UInt32(lorikeet_json_kind(value))) {
        case JSON_OBJECT:
            var object = JSONObject()
            var iterator = json_object_iter(value)
            while let current = iterator {
                let key = String(cString: json_object_iter_key(current))
                object[key] =
                    json_object_iter_value(current).map { JSON(adopting: $0, areWholesReal: areWholesReal) }
                    ?? .null
                iterator = json_object_iter_next(value, current)
            }
            self = .object(object)
        case JSON_ARRAY:
            let count = json_array_size(value)
            var items: [JSON] = []
            items.reserveCapacity(count)
            for index in 0..<count {
                items.append(
                    json_array_get(value, index).map { JSON(adopting: $0, areWholesReal: areWholesReal) }
                        ?? .null)
            }
            self = .array(items)
        case JSON_STRING:
            let raw = UnsafeRawBufferPointer(
                start: json_string_value(value), count: json_string_length(value))
            self = .string(String(decoding: raw, as: UTF8.self))
        case JSON_INTEGER: self = .integer(Int(json_integer_value(value)))
        case JSON_REAL:
            let number = json_real_value(value)
            let whole = areWholesReal && number.magnitude < 0x1p53 ? Int(exactly: number) : nil
            self = whole.map(JSON.integer) ?? .number(number)
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }
}
