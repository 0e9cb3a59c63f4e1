import Diagnostics

/// Which choices of another key a key belongs to: `momentum` to `optimizer=sgd`, say, and to no other optimizer.
package struct ParameterOwners: Sendable, Hashable {
    /// What the key is to one of the choices.
    package struct Owner: Sendable, Hashable {
        package var choice: String
        package var type: ParameterType
        package var defaultValue: Value?
        package var otherwise: String?
        /// Other names that the key has with it, and perhaps not with others.
        package var aliases: [String]
    }

    /// The key that chooses: `optimizer`.
    package var key: String
    package var owners: [Owner]

    package var choices: [String] { owners.map(\.choice) }

    /// `with optimizer=adamw or sgd`, for help; ranges apart where they differ.
    func takes(unit: String) -> String {
        let types = owners.reduce(into: [ParameterType]()) { if !$0.contains($1.type) { $0.append($1.type) } }
        return types.map { type in
            let choices = owners.filter { $0.type == type }.map(\.choice).joined(separator: " or ")
            return "\(type.summary)\(unit), with \(key)=\(choices)"
        }.joined(separator: "; ")
    }
}

extension ParameterDeclaration {
    /// Keys that belong to choices of another key, those of one name as one.
    ///
    /// - `variants`: what each choice has.
    package static func merged(
        _ variants: [(choice: String, parameters: [ParameterDeclaration])], by key: String
    ) -> [ParameterDeclaration] {
        let every = variants.flatMap { choice, parameters in parameters.map { (choice, $0) } }
        let names = every.reduce(into: [String]()) { if !$0.contains($1.1.name) { $0.append($1.1.name) } }
        return names.compactMap { name in merged(every.filter { $0.1.name == name }, key) }
    }

    private static func merged(
        _ variants: [(choice: String, parameter: ParameterDeclaration)], _ key: String
    ) -> ParameterDeclaration? {
        guard var result = variants.first?.parameter else { return nil }
        if variants.contains(where: { $0.parameter.doc != result.doc }) {
            result.doc = joined(variants.map { ($0.choice, $0.parameter.doc) }) { "\($1): \($0)" }
                .joined(separator: "; ")
        }
        if Set(variants.map(\.parameter.fallback)).count > 1 {
            result.defaultValue = nil
            result.otherwise = joined(variants.map { ($0.choice, $0.parameter.fallback ?? "none") }) {
                "\($0) with \($1)"
            }.joined(separator: ", ")
        }
        for (_, parameter) in variants {
            result.aliases += parameter.aliases.filter { !result.aliases.contains($0) }
            result.acceptsAuto = result.acceptsAuto || parameter.acceptsAuto
        }
        result.owners = ParameterOwners(
            key: key,
            owners: variants.map {
                ParameterOwners.Owner(
                    choice: $0.choice, type: $0.parameter.type, defaultValue: $0.parameter.defaultValue,
                    otherwise: $0.parameter.otherwise, aliases: $0.parameter.aliases)
            })
        return result
    }

    /// What several choices have in common is said once: `adamw or adam`.
    private static func joined(
        _ said: [(choice: String, words: String)], _ text: (_ words: String, _ choices: String) -> String
    ) -> [String] {
        let each = said.map(\.words).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return each.map { words in
            text(words, said.filter { $0.words == words }.map(\.choice).joined(separator: " or "))
        }
    }

    /// The key as the chosen one has it; nil where it is another's.
    ///
    /// - `values`: what is known of the other keys; `keys`: by which names it was written.
    func owned(in values: [String: Value], written keys: [String] = []) -> ParameterDeclaration? {
        guard let owners else { return self }
        guard case .text(let choice)? = values[owners.key],
            let owner = owners.owners.first(where: { $0.choice == choice }),
            keys.allSatisfy({ $0 == name || owner.aliases.contains($0) })
        else { return nil }
        var result = self
        (result.type, result.defaultValue, result.otherwise) = (
            owner.type, owner.defaultValue, owner.otherwise
        )
        return result
    }

    /// What is said of a key that the chosen one does not have.
    ///
    /// - `written`: the name that was used; `others`: the command's keys, among which one may be called alike:
    ///   `focal_gamma` where `gamma` is a schedule's.
    func refusal(
        in values: [String: Value], at span: SourceSpan, written: String? = nil,
        among others: [ParameterDeclaration]
    ) -> Diagnostic {
        let (key, name) = (owners?.key ?? "", written ?? name)
        let choices = (owners?.owners ?? []).filter { name == self.name || $0.aliases.contains(name) }
            .map(\.choice)
        let alike = others.lazy.compactMap { other -> String? in
            guard let theirs = other.owners, other.name.hasSuffix("_" + name) else { return nil }
            return "; \(theirs.key)=\(theirs.choices.first ?? "") has \(other.name)"
        }.first
        return Diagnostic(
            "key-of-another",
            "\(values[key]?.source ?? key) has no \(name), which is a setting of \(choices.joined(separator: ", "))",
            at: span, hint: "leave \(name) out, or write \(key)=\(choices.first ?? "")" + (alike ?? ""))
    }
}
