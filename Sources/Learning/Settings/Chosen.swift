import Diagnostics

/// What one is chosen from by its name: the optimizers, the schedules, the losses.
package protocol ChoiceRegistry {
    /// The type of one of them, such as `any Optimizer.Type`.
    associatedtype Kind: Sendable

    static var all: [Kind] { get }
    /// What is taken where nothing is said.
    static var usual: Kind { get }
    /// What one of them is called: `optimizer`.
    static var noun: String { get }

    static func declaration(of kind: Kind) -> ChoiceDeclaration
}

extension ChoiceRegistry {
    package static func named(_ name: String) -> Kind? { all.first { declaration(of: $0).name == name } }
}

/// One of a registry that was chosen, and its settings.
///
/// Two are equal where the same was chosen, with the same settings.
package struct Chosen<Registry: ChoiceRegistry>: Sendable {
    package let kind: Registry.Kind
    package let values: SettingValues

    package init(_ kind: Registry.Kind, _ values: SettingValues) {
        (self.kind, self.values) = (kind, values)
    }

    /// - `given`: settings that are not as declared, by name.
    package init(_ kind: Registry.Kind = Registry.usual, _ given: [String: SettingValue] = [:]) {
        self.init(kind, SettingValues(Registry.declaration(of: kind).settings, given))
    }

    package var declaration: ChoiceDeclaration { Registry.declaration(of: kind) }
}

extension Chosen: Hashable {
    package static func == (a: Self, b: Self) -> Bool {
        a.declaration == b.declaration && a.values == b.values
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(declaration.name)
        hasher.combine(values)
    }
}

/// As a state holds it: by name, with every setting.
private struct ChoiceRecord: Codable {
    let name: String
    let settings: [String: SettingValue]
}

extension Chosen: Codable {
    package func encode(to encoder: any Encoder) throws {
        try ChoiceRecord(name: declaration.name, settings: values.all).encode(to: encoder)
    }

    package init(from decoder: any Decoder) throws {
        let record = try ChoiceRecord(from: decoder)
        guard let kind = Registry.named(record.name) else {
            throw Diagnostic("bad-state", "there is no \(Registry.noun) \(record.name) here")
        }
        let declared = Registry.declaration(of: kind).settings
        try self.init(kind, SettingValues(declared, all: record.settings))
    }
}
