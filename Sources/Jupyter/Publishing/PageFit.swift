import Display
import JSON

/// Lets plots follow the width of a page that can do so.
///
/// A plot as wide as its container has no width at all in a JupyterLab without our extension. A page with it has
/// asked for what it missed (see `Transcripts`).
enum PageFit {
    /// - `content`: of a message that shows something; others come back as they are.
    static func fitted(_ content: JSON) -> JSON {
        guard let data = content["data"]?.object, let plot = data[MimeType.vegaLite]?.object,
            // Without a picture beside it such a plot would hang the page while it is hidden.
            data[MimeType.png] != nil, var message = content.object
        else { return content }
        var (fitted, shown) = (plot, data)
        fitted["width"] = "container"
        shown[MimeType.vegaLite] = .object(fitted)
        message["data"] = .object(shown)
        return .object(message)
    }
}
