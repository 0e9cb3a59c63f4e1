import Datasets
import Diagnostics
import Learning
import Models
import Training

/// Every next token, or every token itself where the model looks both ways.
package final class NextToken: LearningTask {
    package init() {}

    package var encoder: any Encoder { EncodedAlready() }
    package var loss: any Loss { CrossEntropyLoss() }
    package var readout: Readout { .vocabulary }
    package var summary: String { "every token" }
    package func judge() -> any Judge { ClassJudge(labels: []) }
}

/// A head over examples that are encoded already.
package final class HeadOnly: LearningTask {
    package let readout: Readout
    package let loss: any Loss
    package init(head: ClassificationHead, loss: any Loss = CrossEntropyLoss()) {
        (readout, self.loss) = (.head(head), loss)
    }

    package var encoder: any Encoder { EncodedAlready() }
    package var labels: [String] { ["0", "1"] }
    package var summary: String { "a head" }
    package func judge() -> any Judge { ClassJudge(labels: labels) }
}

/// For tests that begin with tokens.
package struct EncodedAlready: Encoder {
    package init() {}
    package var maxLength: Int { .max }

    package func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        throw Diagnostic("no-tokens", "this test's examples are encoded already")
    }
}

extension EncodedExample {
    /// A row of which `NextToken` learns every token.
    package init(text ids: [Int32], identity: UInt64, isCausal: Bool = true) {
        let learned = (0..<(isCausal ? ids.count - 1 : ids.count)).map {
            Learned(place: $0, .label(Int(ids[isCausal ? $0 + 1 : $0])))
        }
        self.init([Row(ids: ids, identity: identity, learned: learned)])
    }
}
