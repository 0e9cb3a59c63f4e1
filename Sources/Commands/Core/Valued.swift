import Display
import JSON

/// Something to look at with plain data of its own beside it.
package struct Valued: Displayable {
    package let shown: any Displayable
    package let value: JSON

    package init(_ shown: any Displayable, value: JSON) {
        self.shown = shown
        self.value = value
    }

    package func mimeBundle() -> MimeBundle { shown.mimeBundle() }
}
