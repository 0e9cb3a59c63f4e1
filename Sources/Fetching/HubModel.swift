import Diagnostics
import Foundation
import JSON
import System

/// A model on the Hugging Face hub, by its name there (`gpt2`, `meta-llama/Llama-2-7b-hf`).
///
/// Its files go to the cache, each checked against the digest that the hub lists; a copy that
/// other tools already keep on this machine is used where it stands.
package struct HubModel: Sendable {
    package let repository: String
    package let revision: String

    package init(_ repository: String, revision: String = "main") {
        self.repository = repository
        self.revision = revision
    }

    /// Whether a name can be one of the hub's: `name` or `owner/name`, of letters, digits, `.`, `_`, `-`.
    package static func isName(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".")
                    && part.utf8.allSatisfy { byte in
                        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "._-".utf8.contains(byte)
                    }
            }
    }

    /// The folder with the model's files, fetched when it is not on this machine.
    ///
    /// - Throws: `no-network`, `web-status`, `wrong-sha256`, `no-safetensors`, or `Interrupted`.
    package func fetch(in context: FetchContext) throws -> String {
        guard Self.isName(repository) else {
            throw Diagnostic(
                "bad-name", "\(repository) cannot be a name on the hub", hint: "expected owner/name")
        }
        if let shared = sharedCopy(context.environment) { return shared }
        let cache = context.cache
        let place = "models/hub/\(repository.replacing("/", with: "--"))"
        if FileManager.default.fileExists(atPath: cache.place("\(place)/config.json")) {
            return cache.place(place)
        }
        context.progress("asking the hub for \(repository)")
        let listing: HubListing
        do {
            listing = try self.listing(context)
        } catch let problem as Diagnostic where problem.code == "no-network" {
            // The address is the program's own; what a person asked for is the model.
            let host = context.endpoint.split(separator: "/").last ?? ""
            throw Diagnostic(
                problem.code, "\(repository) is not in the cache, and the hub at \(host) does not answer",
                hint: "try again with a network, or name a folder that holds the model")
        }
        try cache.withTemporaryFolder { temporary in
            let folder = "\(temporary)/model"
            try makeFolder(folder)
            for file in try listing.wanted() {
                let total = megabytes(file.size)
                context.progress("fetching \(repository): \(file.name) (\(total))")
                let address = "\(context.endpoint)/\(repository)/resolve/\(listing.commit)/\(file.name)"
                let target = "\(folder)/\(file.name)"
                var said = 0
                try context.client.save(
                    address, to: target, token: context.token, interruption: context.interruption
                ) { received in
                    guard received >= said + (64 << 20) else { return }
                    said = received
                    context.progress(
                        "fetching \(repository): \(file.name), \(megabytes(received)) of \(total)")
                }
                try check(file, at: target, context.interruption)
            }
            try cache.adopt(folder, as: place)
        }
        return cache.place(place)
    }

    private func listing(_ context: FetchContext) throws -> HubListing {
        let address = "\(context.endpoint)/api/models/\(repository)/revision/\(revision)?blobs=true"
        let body = try context.client.text(
            of: address, token: context.token, interruption: context.interruption)
        return try HubListing(try JSON(parsing: body), repository: repository)
    }

    /// A snapshot in the folder that the hub's own tools share.
    private func sharedCopy(_ environment: [String: String]) -> String? {
        let home = environment["HF_HOME"] ?? environment["HOME"].map { "\($0)/.cache/huggingface" }
        guard let home else { return nil }
        let folder = "\(home)/hub/models--\(repository.replacing("/", with: "--"))"
        guard let commit = try? String(contentsOfFile: "\(folder)/refs/\(revision)", encoding: .utf8) else {
            return nil
        }
        let snapshot = "\(folder)/snapshots/\(commit.trimmingCharacters(in: .whitespacesAndNewlines))"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: snapshot)) ?? []
        let isWhole = names.contains("config.json") && names.contains { $0.hasSuffix(".safetensors") }
        return isWhole ? snapshot : nil
    }

    private func check(_ file: HubListing.File, at path: String, _ interruption: Interruption) throws {
        let found: String
        let expected: String
        if let sha256 = file.sha256 {
            expected = sha256
            found = try FileDigest.sha256(of: path, interruption: interruption)
        } else {
            expected = file.blob
            found = try FileDigest.gitBlob(of: path)
        }
        guard found == expected else {
            throw Diagnostic(
                "wrong-sha256",
                "\(file.name) of \(repository) came with the digest \(found.prefix(12))…, the hub lists \(expected.prefix(12))…",
                hint: "try again")
        }
    }
}

extension FetchContext {
    fileprivate var endpoint: String { environment["HF_ENDPOINT"] ?? "https://huggingface.co" }

    fileprivate var token: String? { environment["HF_TOKEN"].flatMap { $0.isEmpty ? nil : $0 } }
}

private func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
