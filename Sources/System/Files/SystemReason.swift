import Foundation

/// Why the system would not, in its own words: what Foundation says of a failed file operation hides them.
package func systemReason(_ error: any Error) -> String {
    var inner: NSError? = error as NSError
    while let one = inner {
        if one.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(one.code))) }
        inner = one.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    return error.localizedDescription
}
