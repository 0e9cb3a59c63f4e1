import Training

/// What methods cannot do, or do nothing about, so that tests over all of them say so in one place.
package enum MethodCases {
    /// Models, by method, in which there is nothing that it could train.
    private static let impossible: [String: Set<String>] = ["bitfit": ["llama"]]
    /// Methods that leave everything to the task's head, where the model has none of its own.
    private static let bare: Set<String> = ["head"]

    package static func isPossible(_ method: any Method.Type, on model: String) -> Bool {
        !(impossible[method.declaration.name]?.contains(model) ?? false)
    }

    /// Whether it changes nothing of a model whose language head is tied.
    package static func isBare(_ method: any Method.Type) -> Bool { bare.contains(method.declaration.name) }
}
