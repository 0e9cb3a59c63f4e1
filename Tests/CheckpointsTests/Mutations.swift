import Foundation

/// Seeded damage to files: the same seed, the same damage.
struct Mutator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// How many mutations of each file: few in every run, 100,000 at night, or `LORIKEET_FUZZ`.
    static let count: Int = {
        let environment = ProcessInfo.processInfo.environment
        let usual = environment["LORIKEET_NIGHTLY"] == nil ? 2000 : 100_000
        return environment["LORIKEET_FUZZ"].flatMap(Int.init) ?? usual
    }()

    /// One to four damages, most of them near the beginning, where the headers are.
    mutating func damage(_ bytes: [UInt8], header: Int) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<4, using: &self) where !bytes.isEmpty {
            let inHeader = Int.random(in: 0..<10, using: &self) < 8
            let limit = inHeader ? min(header, bytes.count) : bytes.count
            let place = Int.random(in: 0..<limit, using: &self)
            damage(&bytes, at: place)
        }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8], at place: Int) {
        let length = min(Int.random(in: 1...16, using: &self), bytes.count - place)
        switch Int.random(in: 0..<8, using: &self) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &self)
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.removeSubrange(place..<place + length)
        case 4:
            let piece = Array(bytes[place..<place + length])
            let target = Int.random(in: 0..<bytes.count, using: &self)
            bytes.insert(contentsOf: piece, at: target)
        case 5: overwrite(&bytes, at: place, with: Mutator.extremes.randomElement(using: &self) ?? 0)
        case 6: overwrite(&bytes, at: place, with: UInt64.random(in: 0...300, using: &self))
        default:
            let text = Mutator.texts.randomElement(using: &self) ?? ""
            bytes.replaceSubrange(place..<place + min(length, text.utf8.count), with: Array(text.utf8))
        }
    }

    private func overwrite(_ bytes: inout [UInt8], at place: Int, with number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { source in
            for (offset, byte) in source.enumerated() where place + offset < bytes.count {
                bytes[place + offset] = byte
            }
        }
    }

    private static let extremes: [UInt64] = [
        .max, .max - 7, 1 << 63, 1 << 62, 1 << 61, 1 << 32, (1 << 32) - 1, 1 << 31, 1 << 40, 1 << 56, 0,
    ]

    private static let texts = [
        "-1", "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e308", "1e999", "NaN",
        "null", "[]", "{}", "\"\"", "[[[[[[[[", "{\"a\":", "0.5", "\\u0000", "true", "4294967296",
    ]
}

/// The most memory that the process has asked for, in bytes; 0 where the system does not say.
func peakVirtualMemory() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmPeak:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
}
