import JSON

/// How far the work is that a display shows, as data beside it.
///
/// A front end may tell it elsewhere too: in JupyterLab our extension does so in the status bar.
package struct ProgressData: Sendable, Hashable {
    /// What is being done ("train").
    package var verb: String
    /// From 0 to 1.
    package var share: Double
    /// Nil where nobody knows yet.
    package var secondsLeft: Double?

    package init(verb: String, share: Double, secondsLeft: Double?) {
        (self.verb, self.share, self.secondsLeft) = (verb, share, secondsLeft)
    }

    fileprivate var value: JSON {
        var object: JSONObject = ["verb": .string(verb), "share": .number(min(1, max(0, share)))]
        object["left"] = secondsLeft.map { .number(max(0, $0)) }
        return .object(object)
    }
}

extension MimeBundle {
    /// Whether it shows work that goes on.
    package var isUnderWay: Bool { metadata["lorikeet"]?["progress"] != nil }

    /// With it in the metadata: for a display that will be updated. Its last state has none.
    package func telling(_ progress: ProgressData) -> MimeBundle {
        var bundle = self
        bundle.metadata["lorikeet"] = ["progress": progress.value]
        return bundle
    }
}
