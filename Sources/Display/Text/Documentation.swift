import JSON

/// A page written in Markdown by us (help, a report), with the same in plain text.
package struct Documentation: Displayable, Hashable {
    package var markdown: String
    package var plain: String

    package init(markdown: String, plain: String) {
        self.markdown = markdown
        self.plain = plain
    }

    package var value: JSON { .string(plain) }

    package func mimeBundle() -> MimeBundle {
        MimeBundle(
            data: [MimeType.markdown: .string(markdown), MimeType.plain: .string(plain)],
            sentences: plain.split(separator: "\n", omittingEmptySubsequences: false).count)
    }
}
