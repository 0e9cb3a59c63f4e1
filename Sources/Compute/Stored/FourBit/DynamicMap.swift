/// bitsandbytes' 8-bit numbers (functional.py, `create_dynamic_map`): a sign, a decimal exponent of as many zeros as
/// it needs, and the bits that are left as a fraction.
package enum DynamicMap {
    /// 256 ascending values, from -0.993 to 1.
    package static let values: [Float] = {
        var positive: [Float] = []
        for exponent in 0..<7 {
            let bounds = evenly(from: 0.1, to: 1, count: 1 << exponent + 1)
            let power = Float(powers[exponent])
            positive += zip(bounds, bounds.dropFirst()).map { power * (($0 + $1) / 2) }
        }
        return (positive.map { -$0 } + [0] + positive + [1]).sorted()
    }()

    /// The middles between neighbours.
    private static let bounds = zip(values, values.dropFirst()).map { ($0 + $1) / 2 }

    private static let powers = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0]

    /// As torch.linspace has them in f32: from both ends to the middle, product and sum rounded once.
    private static func evenly(from first: Float, to last: Float, count: Int) -> [Float] {
        let step = (last - first) / Float(count - 1)
        return (0..<count).map { index in
            index < count / 2
                ? first.addingProduct(step, Float(index))
                : last.addingProduct(-step, Float(count - 1 - index))
        }
    }

    /// The nearest value's place for a number between -1 and 1; the lower of two as near.
    ///
    /// So on every processor but one: bitsandbytes' build for CPUs rounds the number to one of 65,536 first, and takes a
    /// neighbour for one in seven hundred.
    static func place(of value: Float) -> UInt8 {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return UInt8(low)
    }
}
