/// A stored property of a command that stands for a key.
package protocol ParameterDeclaring {
    var declaration: ParameterDeclaration { get }
}

extension VerbParameter: ParameterDeclaring {}

/// A stored property of a command that stands for several keys.
package protocol ParameterBundle {
    var declarations: [ParameterDeclaration] { get }
}

extension ParameterDeclaration {
    /// The keys that a command's stored properties are, in their order, so that each is written once.
    ///
    /// Traps at a property that is none: nothing is passed over in silence.
    package static func stored(in command: some Any) -> [ParameterDeclaration] {
        Mirror(reflecting: command).children.flatMap { name, value in
            if let bundle = value as? any ParameterBundle { return bundle.declarations }
            guard let key = value as? any ParameterDeclaring else {
                preconditionFailure("\(Swift.type(of: command)).\(name ?? "?") is no parameter")
            }
            return [key.declaration]
        }
    }
}
