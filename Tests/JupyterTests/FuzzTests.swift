import Glibc
import JSON
import Jupyter
import Testing

@Suite struct FuzzTests {
    /// A generator that repeats itself, so that a failure can be found again (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// A hundred thousand by night, a tenth of them in every run. What it does to the memory is measured
    /// from outside, in Tests/Conformance.
    @Test func noMessageHarmsTheKernel() throws {
        let rounds = getenv("LORIKEET_NIGHTLY") == nil ? 10_000 : 100_000
        let kernel = try RunningKernel()
        let client = try kernel.client()
        var generator = Seeded(state: 20_250_101)
        try attack(client, rounds: rounds, &generator)
        #expect(try client.execute("value 1").reply.status == "ok")
    }

    private func attack(_ client: Client, rounds: Int, _ generator: inout Seeded) throws {
        var recorded = client.frames(of: Self.valid(number: 0))
        for round in 1...rounds {
            let json = Self.valid(number: Int(generator.next() >> 1))
            var frames = client.frames(of: json)
            switch generator.next() % 12 {
            case 0: frames = recorded
            case 1: frames[1] = []
            case 2: frames.removeLast(Int.random(in: 1...5, using: &generator))
            case 3: frames = client.frames(of: json.map { Self.mutated($0, &generator) })
            case 4: frames[Int.random(in: 0..<6, using: &generator)] = Self.noise(&generator)
            case 5: frames = client.frames(of: [json[0], json[1], json[2], Self.deep(&generator)])
            case 6: frames = client.frames(of: [json[0], json[1], json[2], [0x22, 0xC3, 0x28, 0x22]])
            case 7: frames += (0..<200).map { _ in Self.noise(&generator) }
            case 8:
                frames = (0..<Int.random(in: 1...9, using: &generator)).map { _ in Self.noise(&generator) }
            case 9: frames[5] = [UInt8](repeating: 0x7B, count: 200_000)
            case 10: frames.swapAt(2, 5)
            default: recorded = frames
            }
            client.send(
                frames, on: round.isMultiple(of: 3) ? .control : round.isMultiple(of: 7) ? .stdin : .shell)
            // Answered now and then, so that what is measured is not the queue on the way.
            if round.isMultiple(of: 500) {
                _ = try client.ask("kernel_info_request")
                _ = try client.ask("kernel_info_request", on: .control)
                while client.receiveFrames(on: .iopub, seconds: 0) != nil {}
            }
        }
    }

    private static func valid(number: Int) -> [[UInt8]] {
        let type = ["is_complete_request", "complete_request", "comm_msg", "inspect_request"][
            number % 4]
        let header: JSON = [
            "msg_id": .string("f\(number)"), "msg_type": .string(type), "session": "fuzz",
        ]
        let content: JSON = [
            "code": "echo 🦜", "cursor_pos": .integer(number % 1000 - 500), "comm_id": "x",
        ]
        return [header, [:], [:], content].map { $0.utf8() }
    }

    private static func mutated(_ bytes: [UInt8], _ generator: inout Seeded) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<3 {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
        }
        return bytes
    }

    private static func noise(_ generator: inout Seeded) -> [UInt8] {
        (0..<Int.random(in: 0...64, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
    }

    private static func deep(_ generator: inout Seeded) -> [UInt8] {
        let depth = Int.random(in: 1...4000, using: &generator)
        let text =
            String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        return Array(text.utf8)
    }
}
