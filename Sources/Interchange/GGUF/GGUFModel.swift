import Checkpoints
import Compute
import Diagnostics
import Foundation
import Learning
import Models
import System
import Tokenizers
import Training

/// Writes a model as one file that llama.cpp loads: changed weights, adapters merged in, the tokenizer inside.
package struct GGUFModel {
    private let loaded: LoadedModel
    private let tuning: Tuning?
    private let template: PromptTemplate?
    private let probe: LogitProbe
    private let texts: [String]

    private var model: any LanguageModel { loaded.model }

    /// - `tuning`: what is written into the weights; nil for nothing.
    /// - `template`: the prompt that it was tuned on; nil takes the model's own chat template.
    /// - `rows`: of examples, whose logits are compared; without any, rows by a formula.
    /// - `texts`: in which the tokenizer that is read back has to find the same tokens.
    package init(
        _ loaded: LoadedModel, _ tuning: Tuning?, template: PromptTemplate?, rows: [Row] = [],
        texts: [String] = []
    ) {
        (self.loaded, self.tuning, self.template, self.texts) = (loaded, tuning, template, texts)
        probe = LogitProbe(rows, for: loaded.model, under: tuning)
    }

    /// Called after each panel of values with how many of the tensors are done, written or looked at again; may end it
    /// all by throwing.
    package typealias Note = (_ done: Int, _ total: Int) throws -> Void

    /// Writes the file, reads it back and compares tensors, tokens, logits and a greedy answer before it appears under
    /// its name.
    ///
    /// - Throws: `not-in-gguf` for what llama.cpp has no place for, `not-the-same`, `cannot-write`, what `note` throws;
    ///   an earlier file then stays as it was.
    package func write(to path: String, as type: GGUFType, note: @escaping Note = { _, _ in }) throws
        -> GGUFWritten
    {
        let family = try Self.family(of: model)
        try requireExpressible(writingOver: path)
        let vocabulary = try loaded.tokenizer.gguf(tokens: model.config.vocabulary)
        let merged = try Self.translating { try Merged(tuning, into: model, hasClassifier: false) }
        let total = 2 * model.store.parameters.count
        let before = try GGUFComparison(probe, of: model, under: tuning) { try note(0, total) }
        let naming = family.naming(model.config)
        let tensors = model.store.parameters.map {
            GGUFTensor(tuning?.current($0) ?? $0, naming, as: type)
        }
        var writer = GGUFWriter(architecture: family.architecture)
        writer.metadata += try header(family, vocabulary, type)
        for (index, tensor) in tensors.enumerated() {
            writer.add(tensor.name, shape: tensor.shape, format: tensor.format) { sink in
                let values = try Self.translating { try merged.values(of: tensor.parameter) }
                try tensor.write(values, to: sink) { try note(index, total) }
            }
        }
        for (name, values) in family.extras(model.config) {
            writer.add(name, shape: [values.count], values: values)
        }
        var (comparison, share): (GGUFComparison.Result?, Double) = (nil, 0)
        try writer.write(to: path) { staged in
            let file = try GGUFFile(path: staged)
            try requireSameTokens(file)
            let fresh = try ModelLoader.load(file, precision: .native)
            share = try requireSameWeights(fresh, tensors, merged) { try note(tensors.count + $0, total) }
            let found = try before.result(of: fresh) { try note(total, total) }
            try Self.require(found, type)
            comparison = found
        }
        guard let comparison else { preconditionFailure("a file was written and not looked at") }
        return GGUFWritten(
            kind: "\(Self.name(of: family)) model, as llama.cpp's", type: type, byteCount: writer.byteCount,
            comparison: comparison, tensorShare: share, remarks: remarks(tensors, type))
    }

    // MARK: - What there is to write

    static func family(of model: any LanguageModel) throws -> GGUFFamily {
        guard let family = ModelRegistry.family(named: model.config.family)?.gguf else {
            throw Diagnostic(
                "not-in-gguf",
                "llama.cpp writes nothing with a \(model.config.family.uppercased()), it makes vectors of texts alone",
                hint: "save and merge write what Transformers loads")
        }
        return family
    }

    static func name(of family: GGUFFamily) -> String { family.architecture == "llama" ? "LLaMA" : "GPT-2" }

    private func requireExpressible(writingOver path: String) throws {
        guard model.hasLanguageHead else {
            throw Diagnostic(
                "not-in-gguf", "\(loaded.name) has no language head, without which llama.cpp writes nothing",
                hint: "save and merge write what Transformers loads")
        }
        let own = model.store.parameters.lazy.compactMap { $0.stored?.file.path }.first
        if let own, PathKind.isSameFile(own, path) {
            throw Diagnostic(
                "cannot-write", "\(path.forMessages) is the file that the model was loaded from",
                hint: "give to= another name")
        }
        let places = tuning?.places ?? []
        let odd: [(Tuning.Place, String)] = [
            (.leading, "rows before every text"), (.keyValues, "keys and values before every text"),
            (.outputs, "a change of what blocks give"),
        ]
        guard let found = odd.first(where: { places.contains($0.0) }) else { return }
        throw Self.unmergeable("\(found.1) can be in no weight, and llama.cpp has no other place for it")
    }

    private static func unmergeable(_ why: String) -> Diagnostic {
        Diagnostic("not-in-gguf", why, hint: "write save in place of export, which keeps it beside its base")
    }

    /// What cannot be merged, in the words of this verb.
    private static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let problem as Diagnostic where problem.code == "nothing-to-merge" {
            throw unmergeable(problem.message)
        }
    }

    private func header(
        _ family: GGUFFamily, _ vocabulary: GGUFVocabulary, _ type: GGUFType
    ) throws -> GGUFHeader.Pairs {
        let name = loaded.name.split(separator: "/").last.map(String.init) ?? loaded.name
        let own = try ModelSource(of: model).chatTemplate
        return try GGUFHeader.general("model", name: name, parameters: model.store.valueCount, type: type)
            + family.header(model.config)
            + GGUFHeader.tokenizer(vocabulary, template: template?.jinja ?? own)
    }

    // MARK: - Reading back

    /// Texts with what tokenizers differ in.
    private static let hardTexts = [
        "I've 'told she'LL: 3 33 333 3333 33333.5%  twice\tand\n\n\n  again…", "naïve Ünïcode 工作 нещо 🦙🦙 ✅ é",
        " leading and trailing  ", "don't!!??=====>>> (a[b]{c}) \\n", "",
    ]

    private func requireSameTokens(_ file: GGUFFile) throws {
        let fresh = try TokenizerLoader.load(ggufMetadata: file.metadata)
        for text in Self.hardTexts + texts {
            let ours = loaded.tokenizer.encode(text, addingSpecialTokens: true)
            guard fresh.encode(text, addingSpecialTokens: true) != ours else { continue }
            throw Diagnostic(
                "not-the-same",
                "the tokenizer, read back, makes other tokens of '\(text.prefix(60))'; nothing was written",
                hint: "please report this with the model's name")
        }
    }

    /// - Returns: the largest share by which a tensor differs.
    private func requireSameWeights(
        _ fresh: any LanguageModel, _ tensors: [GGUFTensor], _ merged: Merged, note: (Int) throws -> Void
    ) throws -> Double {
        guard model.config.computes(like: fresh.config) else {
            throw Self.differs("the configuration, read back, is another one")
        }
        var largest = 0.0
        for (index, tensor) in tensors.enumerated() {
            try note(index)
            guard let found = fresh.store[tensor.parameter.name] else {
                throw Self.differs("\(tensor.name), read back, is missing")
            }
            let own = tensor.parameter.current(try merged.values(of: tensor.parameter))
            let difference = WeightDifference(own, found.current())
            guard difference.isExplained(by: tensor.format) else {
                throw Self.differs(
                    "\(tensor.name), read back, differs by \(difference.share) of its size, more than "
                        + "\(tensor.format.displayName) brings"
                )
            }
            largest = max(largest, difference.share)
        }
        return largest
    }

    private static func differs(_ what: String) -> Diagnostic {
        Diagnostic(
            "not-the-same", "\(what); nothing was written", hint: "please report this with the model's name")
    }

    static func require(_ found: GGUFComparison.Result, _ type: GGUFType) throws {
        guard !(found.share <= type.logitShare) else { return }
        throw Diagnostic(
            "not-the-same",
            "read back, its logits differ by \(found.share) of their spread, more than \(type.format.displayName) explains; "
                + "nothing was written",
            hint: type == .f32
                ? "please report this with the model's name" : "type=f32 writes the values as they are")
    }

    private func remarks(_ tensors: [GGUFTensor], _ type: GGUFType) -> [String] {
        var remarks: [String] = []
        let odd = tensors.filter { $0.shape.count > 1 && $0.format == .f16 }
        if type.format.elementsPerBlock > 1, !odd.isEmpty {
            remarks.append(
                "\(odd.count) tensors are F16, since their rows are no whole blocks of \(type.format.elementsPerBlock): "
                    + "\(odd[0].name)")
        }
        if type == .q4_0 { remarks.append("token_embd and output are Q8_0: they decide about every word") }
        if let template {
            remarks.append("the chat template inside is \(template.name)'s, on which it was tuned")
        }
        return remarks
    }
}
