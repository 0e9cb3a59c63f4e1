import Crypto
import Foundation
import Learning
import Models
import System

/// Tells whether two models give the same outputs to the bit: SHA-256 over all weights, as they are stored, and
/// over what the configuration says of their use.
package enum ModelHash {
    /// In hexadecimal. Reads every weight once: about a second for each 1.5 GB.
    package static func text(of model: any LanguageModel) -> String {
        var digest = SHA256()
        digest.update(data: Data("\(model.config.canonical)\n".utf8))
        for parameter in model.store.parameters.sorted(by: { $0.name < $1.name }) {
            digest.update(data: Data("\(parameter.name) \(parameter.shape)\n".utf8))
            // A tensor in four bits does not say its values alone, and one that was quantised here says others.
            if let stored = parameter.stored, parameter.quantisation == nil {
                digest.update(data: Data("\(stored.format)\n".utf8))
                withExtendedLifetime(stored.file) {
                    let bytes = stored.file.bytes[stored.offset..<stored.offset + stored.byteCount]
                    digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes))
                }
                stored.releasePages()
            } else {
                parameter.values().withFloats { digest.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            }
        }
        return hexadecimal(of: digest.finalize())
    }
}
