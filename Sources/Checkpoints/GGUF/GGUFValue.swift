import Diagnostics
import JSON

/// The types of GGUF's metadata values.
enum GGUFValueType: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// The least bytes that a value takes.
    var leastSize: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .string, .uint64, .int64, .float64: 8
        case .array: 12
        }
    }
}

extension ByteReader {
    mutating func valueType(of key: String) throws -> GGUFValueType {
        let code = try number(UInt32.self)
        guard let type = GGUFValueType(rawValue: code) else {
            throw Diagnostic(
                "bad-gguf",
                "\(file.name): the key \(key.briefly) has a value of type \(code), known are 0 to 12")
        }
        return type
    }

    /// A value as JSON.
    ///
    /// A list of numbers of one or two bytes longer than 65,536 becomes null: nothing reads such a list, and
    /// as JSON it would take up to fifty times its size.
    mutating func value(_ type: GGUFValueType, of key: String, depth: Int = 0) throws -> JSON {
        switch type {
        case .uint8: return .integer(Int(try number(UInt8.self)))
        case .int8: return .integer(Int(try number(Int8.self)))
        case .uint16: return .integer(Int(try number(UInt16.self)))
        case .int16: return .integer(Int(try number(Int16.self)))
        case .uint32: return .integer(Int(try number(UInt32.self)))
        case .int32: return .integer(Int(try number(Int32.self)))
        case .float32: return .number(Double(Float(bitPattern: try number(UInt32.self))))
        case .bool: return .bool(try number(UInt8.self) != 0)
        case .string: return .string(try string("the key \(key.briefly)"))
        case .uint64:
            let found = try number(UInt64.self)
            return Int(exactly: found).map(JSON.integer) ?? .number(Double(found))
        case .int64: return .integer(Int(try number(Int64.self)))
        case .float64: return .number(Double(bitPattern: try number(UInt64.self)))
        case .array: return try list(of: key, depth: depth)
        }
    }

    private mutating func list(of key: String, depth: Int) throws -> JSON {
        guard depth < 4 else {
            throw Diagnostic(
                "bad-gguf",
                "\(file.name): the key \(key.briefly) has lists more than 4 deep")
        }
        let type = try valueType(of: key)
        let count = try count(ofAtLeast: type.leastSize, "values of the key \(key.briefly)")
        if type.leastSize <= 2, count > 65_536 {
            skip(count * type.leastSize)
            return .null
        }
        var items: [JSON] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try value(type, of: key, depth: depth + 1)) }
        return .array(items)
    }
}
