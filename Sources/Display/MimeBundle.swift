import JSON

/// One output in several forms: MIME type to content, best form first, with metadata.
package struct MimeBundle: Sendable, Hashable {
    /// Text types hold a string (base64 for images), JSON types any value.
    package var data: JSONObject
    /// Per MIME type, such as `{"image/png": {"width": 640}}`.
    package var metadata: JSONObject
    /// How many lines at the plain form's end are sentences, which a terminal may wrap as its width demands.
    package var sentences: Int

    package init(data: JSONObject, metadata: JSONObject = [:], sentences: Int = 0) {
        self.data = data
        self.metadata = metadata
        self.sentences = sentences
    }

    package init(plain: String) {
        self.init(data: [MimeType.plain: .string(plain)])
    }

    /// The form that every front end can show.
    package var plain: String { data[MimeType.plain]?.string ?? "" }

    /// The bundle for a front end that has so many columns and breaks words itself where a line is longer.
    package func wrapped(to columns: Int) -> MimeBundle {
        guard columns < .max, data[MimeType.plain] != nil else { return self }
        var bundle = self
        bundle.data[MimeType.plain] = .string(plain(wrappedTo: columns))
        bundle.sentences = 0
        return bundle
    }

    /// The plain form for a terminal of so many columns: its sentences wrapped, rows of a table as they are.
    package func plain(wrappedTo columns: Int) -> String {
        guard sentences > 0 else { return plain }
        let lines = plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let rows = max(0, lines.count - sentences)
        return (lines[..<rows] + lines[rows...].map { $0.wrapped(to: columns) }).joined(separator: "\n")
    }
}

package enum MimeType {
    package static let plain = "text/plain"
    package static let html = "text/html"
    package static let markdown = "text/markdown"
    package static let latex = "text/latex"
    package static let svg = "image/svg+xml"
    package static let png = "image/png"
    package static let pdf = "application/pdf"
    package static let json = "application/json"
    package static let vegaLite = "application/vnd.vegalite.v5+json"
}
