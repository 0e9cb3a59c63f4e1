import System

/// A random identifier of 32 hexadecimal digits, such as a session's.
func randomIdentifier() -> String {
    var generator = SystemRandomNumberGenerator()
    return hexadecimal(of: (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
}
