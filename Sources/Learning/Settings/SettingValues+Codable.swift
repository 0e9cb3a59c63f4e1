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
