import Checkpoints
import Compute
import Diagnostics
import JSON
import Learning
import Models
import Training

/// A head of classes, or of one number, as files hold it.
package struct SavedHead: HeadSource {
    /// `classifier` or `score`.
    package let name: String
    package let weight: StoredTensor
    package let bias: StoredTensor?
    /// A batch norm's before it, in the order of `normNames`; empty for none.
    private let norm: [StoredTensor]
    /// Class names, where they are known; none of a number.
    package var labels: [String]

    package static let names = ["classifier", "score"]
    private static let normNames = ["weight", "bias", "running_mean", "running_var"]

    /// What the file calls all that it is made of, whether it has it or not.
    var tensorNames: [String] {
        ["\(name).weight", "\(name).bias"] + Self.normNames.map { "\(name).norm.\($0)" }
    }

    package var normKind: HeadNorm? { norm.isEmpty ? nil : .batch }

    package var classes: Int { weight.shape.first ?? 0 }

    /// nil without a head among the tensors.
    ///
    /// - Throws: `bad-adapter` when its shapes do not fit the model's width.
    init?(_ tensors: [String: StoredTensor], width: Int, labels: [String]) throws {
        guard let name = Self.names.first(where: { tensors["\($0).weight"] != nil }),
            let weight = tensors["\(name).weight"]
        else { return nil }
        guard ![weight.format, tensors["\(name).bias"]?.format ?? .f32].contains(where: \.isWhole) else {
            throw Diagnostic(
                "quantised-weights",
                "tensor \(weight.name) holds whole numbers, which are no weights without their scales",
                hint: "take the head as floats (f32, f16, bf16)")
        }
        guard weight.shape.count == 2, weight.shape[1] == width, weight.shape[0] > 0 else {
            throw Diagnostic(
                "wrong-shape",
                "tensor \(weight.name) has the shape \(weight.shape), expected [classes, \(width)]",
                hint: "was the head trained on another base model?")
        }
        let bias = tensors["\(name).bias"]
        if let bias, bias.shape != [weight.shape[0]] {
            throw Diagnostic(
                "wrong-shape",
                "tensor \(bias.name) has the shape \(bias.shape), expected [\(weight.shape[0])]")
        }
        if !labels.isEmpty, labels.count != weight.shape[0] {
            throw Diagnostic(
                "bad-adapter",
                "the head has \(weight.shape[0]) outputs, but \(labels.count) classes are named",
                hint: "they are named in \(SharingNotes.fileName), or as id2label in config.json")
        }
        try weight.requireFinite()
        try bias?.requireFinite()
        self.name = name
        self.weight = weight
        self.bias = bias
        // A number has a name in some files, and no class.
        self.labels = weight.shape[0] == 1 ? [] : labels
        norm = try Self.norm(of: name, tensors, width: width)
    }

    /// - Throws: `missing-tensor` where some of them are there, `wrong-shape`, or what is no weight.
    private static func norm(
        of name: String, _ tensors: [String: StoredTensor], width: Int
    ) throws -> [StoredTensor] {
        let found = normNames.map { tensors["\(name).norm.\($0)"] }
        guard found.contains(where: { $0 != nil }) else { return [] }
        return try zip(normNames, found).map { part, tensor in
            guard let tensor else {
                throw Diagnostic("missing-tensor", "the head has a batch norm and no \(name).norm.\(part)")
            }
            guard tensor.shape == [width], !tensor.format.isWhole else {
                throw Diagnostic(
                    "wrong-shape", "tensor \(tensor.name) has the shape \(tensor.shape), expected [\(width)]")
            }
            try tensor.requireFinite()
            return tensor
        }
    }

    /// The trained head in a base's own files, which PEFT keeps where an adapter brings none.
    ///
    /// nil where the base was trained for something else, or the adapter is one of a model without this head.
    init?(keptOf model: any LanguageModel, under adapter: AdapterConfig) throws {
        guard adapter.task ?? "SEQ_CLS" == "SEQ_CLS", adapter.mapsClassifier,
            let config = try ModelSource(of: model).config,
            let family = ModelRegistry.family(named: model.config.family),
            try family.task(of: config) == .classification
        else { return nil }
        let names = Self.names.flatMap { name in
            ["\(name).weight", "\(name).bias"] + Self.normNames.map { "\(name).norm.\($0)" }
        }
        let tensors = names.compactMap { name in
            model.store.stored(name).map { (name, $0) }
        }
        try self.init(
            Dictionary(tensors, uniquingKeysWith: { first, _ in first }), width: model.config.width,
            labels: OpenedModel.labels(in: config))
        try requireProblem(of: config)
    }

    /// Names for all classes: the reference's own where none are known; none for a number.
    package var names: [String] {
        labels.isEmpty && !givesNumber ? (0..<classes).map { "LABEL_\($0)" } : labels
    }

    package func fits(_ wanted: [String]) -> Bool {
        guard !givesNumber else { return wanted.isEmpty }
        return wanted.count == classes && (labels.isEmpty || labels == wanted)
    }

    package func fill(_ task: any LearningTask) throws -> Bool {
        guard let own = task.head else { return false }
        try fill(own, labels: task.labels)
        return true
    }

    /// What config.json calls a head of one output, and one of several.
    static func problem(of classes: Int) -> String {
        classes == 1 ? "regression" : "single_label_classification"
    }

    /// - Throws: `wrong-task` for several numbers, and for one class that everything is of.
    func requireProblem(of config: JSON) throws {
        let key = "problem_type"
        guard let known = config[key]?.string, known != Self.problem(of: classes) else { return }
        throw Diagnostic(
            "wrong-task",
            "config.json says \(key)=\(known), and the head has \(counted(classes)): a head gives one number, or tells two classes or more apart",
            hint: KeyDecisions.hint(ignoring: [key]))
    }

    private func counted(_ outputs: Int) -> String { outputs == 1 ? "one output" : "\(outputs) outputs" }

    /// Gives the values to a head that was made for some data.
    ///
    /// - Throws: `wrong-labels` when that head tells other classes apart.
    package func fill(_ head: ClassificationHead, labels wanted: [String]) throws {
        guard fits(wanted) else {
            let own = labels.isEmpty ? "\(classes) classes" : labels.joined(separator: ", ")
            let theirs = wanted.isEmpty ? "numbers" : wanted.joined(separator: ", ")
            throw Diagnostic(
                "wrong-labels",
                "the opened head \(givesNumber ? "gives a number" : "tells \(own)"), the data set has \(theirs)",
                hint: givesNumber
                    ? "load data with value=COLUMN, or attach a new adapter with lora"
                    : "load data with the same classes, or attach a new adapter with lora")
        }
        guard head.classifier.weight.shape == weight.shape else {
            throw Diagnostic(
                "wrong-shape",
                "tensor \(weight.name) has the shape \(weight.shape), expected \(head.classifier.weight.shape)"
            )
        }
        guard head.normKind == normKind else {
            throw Diagnostic(
                "wrong-head",
                normKind == nil
                    ? "the opened head has no batch norm, and the model was loaded with head.norm=batch"
                    : "the opened head has a batch norm, and the model was loaded without head.norm=batch",
                hint: normKind == nil
                    ? "load the model again without head.norm=batch"
                    : "load the model again with head.norm=batch")
        }
        try requireBias(of: head)
        for (parameter, tensor) in zip((head.norm?.parameters ?? []) + head.buffers, norm) {
            parameter.replace(with: Buffer(tensor.floats()))
        }
        head.classifier.weight.replace(with: Buffer(weight.floats()))
        if let own = head.classifier.bias, let bias { own.replace(with: Buffer(bias.floats())) }
    }

    /// - Throws: `missing-tensor` without a bias that the family's classifiers have; `unsupported-head` with another.
    private func requireBias(of head: ClassificationHead) throws {
        guard let bias else {
            guard head.classifier.bias != nil else { return }
            throw Diagnostic("missing-tensor", "the files have \(weight.name) and no \(name).bias")
        }
        guard head.classifier.bias == nil, bias.floats().contains(where: { $0 != 0 }) else { return }
        throw Diagnostic(
            "unsupported-head",
            "the files have \(bias.name), and classifiers of this family add nothing: going on without it would give other answers"
        )
    }
}

/// A method that was read from files and brings a head along.
package protocol HeadBearing: Sendable {
    var head: SavedHead? { get }
    /// What fills masks in, where the base has nothing that does.
    var maskedHead: SavedMaskedHead? { get }
}

extension HeadBearing {
    package var maskedHead: SavedMaskedHead? { nil }

    /// Either of them.
    package var anyHead: (any HeadSource)? { head ?? maskedHead }
}
