import Crypto
import Diagnostics
import System

/// HMAC-SHA256 over the four JSON frames of a message, in hexadecimal; nothing when the key is empty.
struct Signer: Sendable {
    /// With the key already mixed in; each signature continues a copy.
    private let keyed: HMAC<SHA256>?

    /// - Throws: `unknown-signature-scheme` for anything but `hmac-sha256`.
    init(scheme: String, key: String) throws {
        guard !key.isEmpty else {
            keyed = nil
            return
        }
        guard scheme == "hmac-sha256" else {
            throw Diagnostic(
                "unknown-signature-scheme", "the connection file wants \(scheme), only hmac-sha256 is known")
        }
        keyed = HMAC(key: SymmetricKey(data: Array(key.utf8)))
    }

    var isSigning: Bool { keyed != nil }

    func digest(of frames: some Sequence<[UInt8]>) -> [UInt8] {
        guard var code = keyed else { return [] }
        for frame in frames { code.update(data: frame) }
        return Array(code.finalize())
    }

    func signature(of frames: some Sequence<[UInt8]>) -> [UInt8] {
        keyed == nil ? [] : Array(hexadecimal(of: digest(of: frames)).utf8)
    }

    /// Whether the signature is ours, in a time that does not tell how much of it was right.
    func isValid(_ signature: [UInt8], of frames: some Sequence<[UInt8]>) -> Bool {
        guard keyed != nil else { return true }
        let expected = digest(of: frames)
        guard let given = bytes(ofHexadecimal: signature), given.count == expected.count else { return false }
        var difference: UInt8 = 0
        for index in expected.indices { difference |= expected[index] ^ given[index] }
        return difference == 0
    }
}
