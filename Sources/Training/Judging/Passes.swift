/// How passes over the examples are said.
package enum Passes {
    /// To two decimals; of less than one hundredth to one digit, so that it is not nothing: 1.33, 0.003 of 1/300.
    package static func rounded(_ passes: Double) -> Double {
        guard passes > 0, passes < 0.01 else { return (100 * passes).rounded() / 100 }
        var scale = 1000.0
        while scale * passes < 1, scale < 1e18 { scale *= 10 }
        return (scale * passes).rounded() / scale
    }

    /// `2`, `1.33`
    static func text(_ passes: Double) -> String {
        let rounded = rounded(passes)
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
