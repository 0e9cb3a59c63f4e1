import Diagnostics
import Foundation
import JSON
import Learning
import Models
import System
import Testing

/// A config.json that says something else than its weights ends in a message or in a model that
/// works: never in a crash, a hang or an allocation that the weights do not account for.
@Suite(.serialized) struct ConfigFuzzTests {
    /// How many changed configurations of each family: few in every run, 100,000 at night.
    private static let count: Int = {
        let environment = ProcessInfo.processInfo.environment
        let usual = environment["LORIKEET_NIGHTLY"] == nil ? 500 : 100_000
        return environment["LORIKEET_FUZZ"].flatMap(Int.init) ?? usual
    }()

    @Test(arguments: Golden.families)
    func aChangedConfigurationEndsInAMessageOrAModel(family: String) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        let original = URL(filePath: Golden.folder(family))
        try files.createSymbolicLink(
            at: folder.appending(path: "model.safetensors"),
            withDestinationURL: original.appending(path: "model.safetensors"))
        let config = try JSON(parsing: Data(contentsOf: original.appending(path: "config.json")))
        var random = CounterRandom(seed: 21, purpose: family)
        var (worked, refused) = (0, 0)
        for index in 0..<Self.count {
            let changed = Self.changed(config, &random)
            try Data(changed.utf8(indent: 1)).write(to: folder.appending(path: "config.json"))
            do {
                let model = try ModelLoader.load(path: folder.path, precision: .f32)
                let pass = Pass(Layout(lengths: [3, 2]))
                let h = try model.hiddenStates(Tokens(ids: [1, 2, 3, 4, 5]), pass)
                _ = try model.vocabularyLogits(h, pass)
                worked += 1
            } catch let error as Diagnostic {
                #expect(error.message.utf8.count < 2000, "configuration \(index)")
                refused += 1
            }
        }
        #expect(worked > 0 && refused > 0)
    }

    /// One to three values replaced, dropped or renamed, at the top or one level down.
    private static func changed(_ config: JSON, _ random: inout CounterRandom) -> JSON {
        (0...random.integer(below: 3)).reduce(config) { json, _ in replaced(json, &random) }
    }

    private static func replaced(_ json: JSON, _ random: inout CounterRandom) -> JSON {
        guard var object = json.object, !object.keys.isEmpty else { return anything(&random) }
        let keys = Array(object.keys)
        let key = keys[random.integer(below: keys.count)]
        switch random.integer(below: 8) {
        case 0: object[key] = nil
        case 1:
            object[key + "_"] = object[key]
            object[key] = nil
        case 2: object[key] = (object[key]?.integer).map { .integer($0 &* 2) } ?? .null
        case 3: object[key] = (object[key]?.integer).map { .integer($0 &- 1) } ?? "relu"
        case 4: object[key] = object[keys[random.integer(below: keys.count)]]
        default:
            let isNested = object[key]?.object != nil && random.integer(below: 3) > 0
            object[key] = isNested ? replaced(object[key] ?? .null, &random) : anything(&random)
        }
        return .object(object)
    }

    private static func anything(_ random: inout CounterRandom) -> JSON {
        strange[random.integer(below: strange.count)]
    }

    private static let strange: [JSON] = [
        .null, true, false, 0, -1, 1, 2, 3, 7, 64, 16_777_216, .integer(.max), .integer(.min), 2_147_483_648,
        0.5,
        1e-300, 1e300, "", "a", "gelu", "silu", "bert", "gpt2", "llama", "llama3", "linear", "yarn",
        .string(String(repeating: "x", count: 5000)), [], [1], [:], ["rope_type": "llama3"],
        ["rope_type": "linear", "factor": 0], ["type": "llama3", "low_freq_factor": 4.0],
    ]
}
