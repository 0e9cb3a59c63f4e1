/// What is wrong with a file that should hold something else, in a few words.
func explained(_ error: any Error) -> String {
    func key(_ context: DecodingError.Context) -> String {
        context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let missing, let context):
        let place = key(context)
        return "\(place.isEmpty ? "" : place + ".")\(missing.stringValue) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
        return "\(context.codingPath.isEmpty ? "all of it" : key(context)) has a value of another type"
    case DecodingError.dataCorrupted(let context):
        return context.codingPath.isEmpty
            ? "it is no whole JSON" : "\(key(context)) has a value that means nothing"
    default: return "\(error)"
    }
}
