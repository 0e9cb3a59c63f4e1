import Foundation
import JSON

/// Real inputs that a checkout may or may not have beside it; tests that need them are skipped
/// where they are absent.
enum Inputs {
    private static let environment = ProcessInfo.processInfo.environment

    private static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// `../shared` beside the checkout.
    static let shared = repository.deletingLastPathComponent().appending(path: "shared").path(
        percentEncoded: false)

    private static let cache: String =
        environment["LORIKEET_HOME"]
        ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/lorikeet"

    /// The folders of a model: in $LORIKEET_TEST_MODELS or in the cache.
    private static func model(_ name: String) -> String? {
        [environment["LORIKEET_TEST_MODELS"].map { "\($0)/\(name)" }, "\(cache)/models/\(name)"]
            .compactMap { $0 }.first(where: FileManager.default.fileExists)
    }

    static let minilm = model("minilm").flatMap { existing("\($0)/tokenizer.json") == nil ? nil : $0 }

    static let smollm2: String? = model("smollm2").flatMap { folder in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().first { $0.hasSuffix(".gguf") }.map { "\(folder)/\($0)" }
    }

    static let gpt2 = existing("\(shared)/models/gpt2-tokenizer")

    private static let imdb = existing("\(shared)/data/imdb/test.jsonl.gz")

    /// The first 1,000 reviews of IMDB's test half; nil where the file is absent.
    static let reviews: [String]? = imdb.flatMap { path in
        guard let text = gunzip(path) else { return nil }
        let lines = text.split(separator: 10, maxSplits: 1000).prefix(1000)
        return lines.compactMap { (try? JSON(parsing: Array($0)))?["text"]?.string }
    }

    private static func existing(_ path: String) -> String? {
        FileManager.default.fileExists(atPath: path) ? path : nil
    }

    private static func gunzip(_ path: String) -> Data? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? data : nil
    }
}
