import Diagnostics
import Language
import Learning

extension ParameterDeclaration {
    /// A key for a setting of a method, an optimizer or a schedule.
    init(_ setting: SettingDeclaration) {
        self.init(
            setting.name, setting.doc, ParameterType(setting.kind), default: setting.usual.map { Value($0) },
            otherwise: setting.otherwise)
        aliases = setting.aliases
        foreignDefaults = setting.foreignDefaults
        acceptsAuto = setting.isAutomatic
    }
}

extension ParameterType {
    init(_ kind: SettingDeclaration.Kind) {
        switch kind {
        case .count(let range): self = .integer(range)
        case .number(let low, let high, let isOpen, let isOpenAbove):
            self = .number(
                NumberRange(
                    low: low, high: high ?? .infinity, excludesLow: isOpen, excludesHigh: isOpenAbove))
        case .flag: self = .flag
        case .choice(let choices):
            self = .choice(choices.map { Choice($0.name, $0.doc, aliases: $0.aliases) })
        case .layers: self = .list(.name(.target, isOpen: true))
        case .blocks, .perLayer, .perClass, .tokens: self = .list(.text)
        case .text: self = .text
        }
    }
}

extension Value {
    init(_ value: SettingValue) {
        switch value {
        case .count(let count): self = .integer(count)
        case .number(let number): self = .number(number)
        case .flag(let flag): self = .flag(flag)
        case .word(let word): self = .text(word)
        case .names(let names): self = .list(names.map { .text($0) })
        }
    }
}

extension SettingValue {
    /// Nil for what no setting takes.
    init?(_ value: Value) {
        switch value {
        case .integer(let count): self = .count(count)
        case .number(let number): self = .number(number)
        case .flag(let flag): self = .flag(flag)
        case .text(let word): self = .word(word)
        case .list(let items): self = .names(items.compactMap { String($0) })
        case .portion: return nil
        }
    }
}

extension Arguments {
    /// The settings that were written, by name.
    ///
    /// - Throws: `bad-value` for a number that single precision cannot hold.
    func given(_ settings: [SettingDeclaration]) throws -> [String: SettingValue] {
        var result: [String: SettingValue] = [:]
        for setting in settings {
            guard let value = given(setting.name) else { continue }
            if case .number(let number) = value {
                _ = try single(number, ParameterDeclaration(setting), at: span(of: setting.name))
            }
            result[setting.name] = SettingValue(value)
        }
        return result
    }
}
