import JSON
import Learning

extension JSON {
    init(_ value: SettingValue) {
        switch value {
        case .count(let count): self = .integer(count)
        case .number(let number): self = .number(number)
        case .flag(let flag): self = .bool(flag)
        case .word(let word): self = .string(word)
        case .names(let names): self = .array(names.map(JSON.string))
        }
    }
}

extension SettingValues {
    /// What notes say of settings, by name; nil where one is not declared, or has no such value.
    static func read(_ object: JSONObject, as declared: [SettingDeclaration]) -> [String: SettingValue]? {
        var values: [String: SettingValue] = [:]
        for key in object.keys {
            guard let declaration = declared.first(where: { $0.name == key }),
                let value = object[key].flatMap({ SettingValue($0, as: declaration.kind) }),
                declaration.accepts(value)
            else { return nil }
            values[key] = value
        }
        return values
    }
}

extension SettingValue {
    /// Nil for what is no value of that kind.
    fileprivate init?(_ json: JSON, as kind: SettingDeclaration.Kind) {
        switch (json, kind) {
        case (.integer(let count), .count): self = .count(count)
        case (.integer(let count), .number): self = .number(Double(count))
        case (.number(let number), .number): self = .number(number)
        case (.bool(let flag), .flag): self = .flag(flag)
        case (.string(let word), .choice), (.string(let word), .blocks), (.string(let word), .text):
            self = .word(word)
        case (.array(let items), .layers), (.array(let items), .blocks), (.array(let items), .perLayer),
            (.array(let items), .tokens):
            let names = items.compactMap(\.string)
            guard names.count == items.count else { return nil }
            self = .names(names)
        default: return nil
        }
    }
}
