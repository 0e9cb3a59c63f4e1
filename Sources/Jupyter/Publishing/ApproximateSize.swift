import Display
import JSON

extension MimeBundle {
    /// Bytes of its texts, those inside JSON forms included.
    var approximateSize: Int {
        data.reduce(0) { $0 + $1.value.approximateSize }
    }
}

extension JSON {
    /// Bytes of its texts, and a little for what is between them.
    var approximateSize: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .array(let items): items.reduce(2) { $0 + $1.approximateSize + 1 }
        case .object(let object): object.reduce(2) { $0 + $1.key.utf8.count + $1.value.approximateSize + 4 }
        default: 8
        }
    }
}
