import Diagnostics

extension SettingValues {
    /// Every setting that has a value, chosen or usual, by name.
    package var all: [String: SettingValue] {
        Dictionary(
            declarations.compactMap { declaration in self[declaration.name].map { (declaration.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// - `all`: as `all` gave them.
    /// - Throws: `bad-state` for a setting that is not declared, or has no such value, any more.
    package init(_ declarations: [SettingDeclaration], all: [String: SettingValue]) throws {
        var given: [String: SettingValue] = [:]
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            guard let declaration = declarations.first(where: { $0.name == name }),
                declaration.accepts(value)
            else {
                throw Diagnostic(
                    "bad-state", "the setting \(name)=\(value.text) is not one of this program's")
            }
            if value != declaration.usual { given[name] = value }
        }
        self.init(declarations, given)
    }
}

/// A choice as a state holds it: by name, with every setting.
package struct ChoiceRecord: Codable {
    package let name: String
    package let settings: [String: SettingValue]

    package init(name: String, settings: [String: SettingValue]) {
        (self.name, self.settings) = (name, settings)
    }
}

extension OptimizerChoice: Codable {
    package func encode(to encoder: any Encoder) throws {
        try ChoiceRecord(name: kind.declaration.name, settings: values.all).encode(to: encoder)
    }

    package init(from decoder: any Decoder) throws {
        let record = try ChoiceRecord(from: decoder)
        guard let kind = OptimizerRegistry.named(record.name) else {
            throw Diagnostic("bad-state", "there is no optimizer \(record.name) here")
        }
        try self.init(kind, SettingValues(kind.declaration.settings, all: record.settings))
    }
}

extension ScheduleChoice: Codable {
    package func encode(to encoder: any Encoder) throws {
        try ChoiceRecord(name: kind.declaration.name, settings: values.all).encode(to: encoder)
    }

    package init(from decoder: any Decoder) throws {
        let record = try ChoiceRecord(from: decoder)
        guard let kind = ScheduleRegistry.named(record.name) else {
            throw Diagnostic("bad-state", "there is no schedule \(record.name) here")
        }
        try self.init(kind, SettingValues(kind.declaration.settings, all: record.settings))
    }
}
