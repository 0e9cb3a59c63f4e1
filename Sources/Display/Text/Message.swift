import JSON

/// A few sentences for a person, with what a program should read beside them.
package struct Message: Displayable, Hashable {
    package var text: String
    package var value: JSON
    /// Whether lines may be wrapped; what a person's own text holds stays as it is.
    package var isWrapped: Bool

    package init(_ text: String, value: JSON? = nil, isWrapped: Bool = true) {
        self.text = text
        self.value = value ?? .string(text)
        self.isWrapped = isWrapped
    }

    package func mimeBundle() -> MimeBundle {
        var bundle = MimeBundle(plain: text.withoutControls)
        if isWrapped { bundle.sentences = bundle.plain.count { $0 == "\n" } + 1 }
        return bundle
    }
}
