import JSON

/// A few sentences for a person, with what a program should read beside them.
package struct Message: Displayable, Hashable {
    package var text: String
    package var value: JSON

    package init(_ text: String, value: JSON? = nil) {
        self.text = text
        self.value = value ?? .string(text)
    }

    package func mimeBundle() -> MimeBundle { MimeBundle(plain: text.withoutControls) }
}
