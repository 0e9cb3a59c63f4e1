import JSON

/// One output in several forms: MIME type to content, best form first, with metadata.
package struct MimeBundle: Sendable, Hashable {
    /// Text types hold a string (base64 for images), JSON types any value.
    package var data: JSONObject
    /// Per MIME type, such as `{"image/png": {"width": 640}}`.
    package var metadata: JSONObject

    package init(data: JSONObject, metadata: JSONObject = [:]) {
        self.data = data
        self.metadata = metadata
    }

    package init(plain: String) {
        self.init(data: [MimeType.plain: .string(plain)])
    }

    /// The form that every front end can show.
    package var plain: String { data[MimeType.plain]?.string ?? "" }
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
