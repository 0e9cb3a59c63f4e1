/// The scalar that begins at `index` of valid UTF-8, and the bytes it takes.
@inline(__always)
func scalar(_ bytes: [UInt8], at index: Int) -> (value: UInt32, width: Int) {
    let first = UInt32(bytes[index])
    if first < 0x80 { return (first, 1) }
    func next(_ offset: Int) -> UInt32 { UInt32(bytes[index + offset]) & 0x3f }
    if first < 0xe0 { return ((first & 0x1f) << 6 | next(1), 2) }
    if first < 0xf0 { return ((first & 0x0f) << 12 | next(1) << 6 | next(2), 3) }
    return ((first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
}

/// The index of the scalar before `index`, which is not the first.
@inline(__always)
func scalarIndex(_ bytes: [UInt8], before index: Int) -> Int {
    var index = index - 1
    while bytes[index] & 0xc0 == 0x80 { index -= 1 }
    return index
}

/// Bytes that the scalar beginning with `first` takes in UTF-8.
@inline(__always)
func scalarWidth(_ first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

extension [UInt8] {
    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            append(UInt8(scalar.value))
        } else if let encoded = UTF8.encode(scalar) {
            append(contentsOf: encoded)
        }
    }
}
