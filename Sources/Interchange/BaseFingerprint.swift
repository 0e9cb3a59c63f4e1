import Crypto
import Fetching
import Foundation
import Learning
import Models

/// Tells whether two models have the same weights, whatever has been tuned since, without reading all of them.
///
/// SHA-256 over names, shapes and a few whole rows of each tensor, spread evenly: a few MB of the largest
/// model. Plain values count and not how they are stored, so a copy as f32 of a model in bf16 is the same base;
/// of a quantised file its blocks do.
/// Another training changes every row; only a change to single rows in between would go unseen.
package enum BaseFingerprint {
    private static let rowsOfEach = 4

    /// In hexadecimal.
    package static func text(of model: any LanguageModel) -> String {
        var digest = SHA256()
        for parameter in parameters(of: model) {
            digest.update(data: Data("\(parameter.name) \(parameter.shape)\n".utf8))
            for row in rows(of: parameter) {
                digest.update(data: parameter.bytes(ofRow: row))
            }
        }
        return FileDigest.hexadecimal(digest.finalize())
    }

    /// Heads come and go with the task that a base's files were written for.
    private static func parameters(of model: any LanguageModel) -> [Parameter] {
        model.store.parameters.filter { model.part(of: $0.name) < .pooler }.sorted { $0.name < $1.name }
    }

    private static func rows(of parameter: Parameter) -> [Int] {
        let count = min(parameter.rows, rowsOfEach)
        return (0..<count).map { $0 * (parameter.rows - 1) / max(1, count - 1) }
    }
}

/// How a model differs from the base that an adapter was saved beside.
struct BaseDifference: Sendable {
    /// A sentence of it.
    let remark: String

    /// Nil where the notes tell of no difference.
    init?(_ notes: SharingNotes?, _ model: any LanguageModel) {
        guard let notes else { return nil }
        let (before, now) = (notes.quantisation, model.store.quantisation)
        if before != now {
            func words(_ precision: String?) -> String { precision ?? "not quantised" }
            let other = before.map { "precision=\($0)" } ?? "another precision"
            remark =
                "made beside a base that was \(words(before)), and this one is \(words(now)): "
                + "results will differ a little; \(other) after model has the same"
        } else if let fingerprint = notes.fingerprint, fingerprint != BaseFingerprint.text(of: model) {
            remark =
                "made on another base: this model's own weights are not those that the adapter was saved on, "
                + "so results will differ; load the base it was made on (a nano model: with its seed)"
        } else {
            return nil
        }
    }
}
