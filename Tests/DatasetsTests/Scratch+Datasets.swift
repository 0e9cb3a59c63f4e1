import Datasets
import Foundation
import TestScratch

extension Scratch {
    func load(_ request: DatasetRequest) throws -> Dataset {
        try DatasetRegistry.load(request, in: fetching())
    }
}

/// A real data set that the repository does not carry, where the machine has it.
func sharedData(_ name: String) -> String? {
    let root =
        ProcessInfo.processInfo.environment["LORIKEET_SHARED"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared").standardizedFileURL.path
    let path = "\(root)/data/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
}
