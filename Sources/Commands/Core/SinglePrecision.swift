import Diagnostics
import JSON
import Language

extension Arguments {
    /// A number as the engine's arithmetic holds it, in single precision.
    ///
    /// - Throws: `bad-value` where that would make 0 or infinity of it, or a number of fewer digits.
    func single(_ parameter: VerbParameter<Double>) throws -> Float {
        try single(self[parameter], parameter.declaration, at: span(of: parameter))
    }

    func single(_ parameter: VerbParameter<Double?>) throws -> Float? {
        try self[parameter].map { try single($0, parameter.declaration, at: span(of: parameter)) }
    }

    func single(
        _ value: Double, _ declaration: ParameterDeclaration, at span: SourceSpan
    ) throws -> Float {
        let single = Float(value)
        guard value == 0 || single.isNormal else {
            let range = "\(Float.leastNormalMagnitude) to \(Float.greatestFiniteMagnitude)"
            throw Diagnostic(
                "bad-value",
                "\(declaration.name) cannot be \(formatted(value)), which single precision can't hold",
                at: span, hint: "the engine computes with numbers of \(range), and 0")
        }
        if case .number(let range) = declaration.type, range.contains(value),
            !range.contains(Double(single))
        {
            throw Diagnostic(
                "bad-value",
                "\(declaration.name) cannot be \(formatted(value)), which is \(formatted(Double(single))) in single precision",
                at: span,
                hint:
                    "the engine computes with about seven digits; \(declaration.name) has to be a number \(range.description)"
            )
        }
        return single
    }
}
