/// Which tokens of a text an encoder has to fill in, and what it reads in their place (Devlin et al. 2019).
package struct Masking: Sendable, Hashable, Codable {
    /// Chance of each token but the special ones to be learned.
    package var share = 0.15
    /// Of those that are learned, how many are read as the mask, and how many as any other token; the rest is read as it
    /// stands.
    package var masked = 0.8
    package var swapped = 0.1

    package init() {}

    /// `15% masked`, and how, where that is not as usual.
    package var summary: String {
        func percent(_ share: Double) -> String {
            let tenths = (share * 1000).rounded() / 10
            return tenths == tenths.rounded() ? "\(Int(tenths))%" : "\(tenths)%"
        }
        let usual = Masking()
        let how =
            (masked, swapped) == (usual.masked, usual.swapped)
            ? "" : " (\(percent(masked)) by the mask, \(percent(swapped)) by any word)"
        return "\(percent(share)) of the words masked\(how)"
    }
}
