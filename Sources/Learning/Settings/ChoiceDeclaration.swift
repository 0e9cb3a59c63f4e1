/// What is chosen by its name and has settings, such as an optimizer or a schedule, as plain data.
package struct ChoiceDeclaration: Sendable, Hashable {
    package let name: String
    /// One line, without a final stop.
    package let doc: String
    /// Other names that are accepted: those of PyTorch and Hugging Face.
    package let aliases: [String]
    package let settings: [SettingDeclaration]

    package init(_ name: String, _ doc: String, aliases: [String] = [], settings: [SettingDeclaration] = []) {
        (self.name, self.doc, self.aliases, self.settings) = (name, doc, aliases, settings)
    }
}
