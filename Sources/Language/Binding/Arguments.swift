import Diagnostics
import JSON

/// What a command was given, typed, defaults filled in.
package struct Arguments: Sendable {
    /// The verb's place, for errors about the statement as a whole.
    package let verb: Name
    /// What is to be said of keys that were passed over.
    package let notes: [String]
    private let values: [String: Value]
    private let spans: [String: SourceSpan]

    init(verb: Name, values: [String: Value], spans: [String: SourceSpan], notes: [String] = []) {
        self.verb = verb
        self.values = values
        self.spans = spans
        self.notes = notes
    }

    package subscript<Wanted>(parameter: VerbParameter<Wanted>) -> Wanted {
        let name = parameter.declaration.name
        guard let value = Wanted(values[name]) else {
            preconditionFailure("\(verb.text) has no \(name) of type \(Wanted.self) after binding")
        }
        return value
    }

    /// Whether the value was written, rather than left to its default.
    package func isGiven<Wanted>(_ parameter: VerbParameter<Wanted>) -> Bool {
        spans[parameter.declaration.name] != nil
    }

    /// Where the value was written, or else the verb.
    package func span<Wanted>(of parameter: VerbParameter<Wanted>) -> SourceSpan {
        spans[parameter.declaration.name] ?? verb.span
    }

    /// What was written for a key, nil where it was left to its default.
    package func given(_ name: String) -> Value? { spans[name] == nil ? nil : values[name] }

    /// Where a key's value was written, or else the verb.
    package func span(of name: String) -> SourceSpan { spans[name] ?? verb.span }

    /// Every value by name, as plain data.
    package var json: JSON {
        .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }
}
