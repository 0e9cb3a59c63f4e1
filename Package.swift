// swift-tools-version: 6.1
import PackageDescription

// A target imports only what is listed here; the build is run with
// `--explicit-target-dependency-import-check error`, which keeps it so.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

// Elsewhere the libraries lie where every compiler looks, and libzmq's own flags are refused.
#if os(macOS)
    let zeroMQConfig: String? = "libzmq"
#else
    let zeroMQConfig: String? = nil
#endif

let systemLibraries: [Target] = [
    .systemLibrary(
        name: "CZeroMQ", pkgConfig: zeroMQConfig,
        providers: [.apt(["libzmq3-dev"]), .brew(["zeromq"])]),
    .systemLibrary(
        name: "CJansson", pkgConfig: "jansson",
        providers: [.apt(["libjansson-dev"]), .brew(["jansson"])]),
]

let libraries: [Target] = [
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CVectorMath", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "Diagnostics"),
    .target(name: "System", dependencies: ["Diagnostics"]),
    .target(name: "JSON", dependencies: ["CJansson", "Diagnostics"]),
    .target(name: "Display", dependencies: ["JSON", "System", "Diagnostics"]),
    .target(
        name: "Jupyter",
        dependencies: ["CZeroMQ", "JSON", "Display", "System", "Diagnostics", crypto, grdb, log]),
    .target(name: "Compute", dependencies: ["COpenBLAS", "CVectorMath", "System", "Diagnostics"]),
    .target(name: "Learning", dependencies: ["Compute", "CVectorMath", "Diagnostics"]),
    .target(name: "Checkpoints", dependencies: ["Compute", "JSON", "System", "Diagnostics"]),
    .target(name: "Tokenizers", dependencies: ["JSON", "Diagnostics"]),
    .target(
        name: "Models",
        dependencies: ["Learning", "Compute", "Checkpoints", "JSON", "Diagnostics"]),
    .target(name: "Fetching", dependencies: ["JSON", "System", "Diagnostics", crypto]),
    .target(name: "Datasets", dependencies: ["Fetching", "JSON", "System", "Diagnostics"]),
    .target(
        name: "Training",
        dependencies: [
            "Models", "Tokenizers", "Datasets", "Learning", "Compute", "Checkpoints", "JSON", "System",
            "Diagnostics", crypto,
        ]),
    .target(
        name: "Interchange",
        dependencies: [
            "Training", "Models", "Tokenizers", "Datasets", "Fetching", "Learning", "Compute",
            "Checkpoints", "JSON", "System", "Diagnostics", crypto,
        ]),
    .target(name: "Language", dependencies: ["Display", "JSON", "Diagnostics"]),
    .target(
        name: "Commands",
        dependencies: [
            "Language", "Interchange", "Training", "Models", "Tokenizers", "Datasets", "Fetching",
            "Checkpoints", "Learning", "Compute", "Display", "JSON", "System", "Diagnostics",
        ]),
    .executableTarget(
        name: "lorikeet",
        dependencies: [
            "Commands", "Jupyter", "Language", "Display", "JSON", "System", "Diagnostics", argumentParser,
            // What `bench` measures.
            "Training", "Models", "Datasets", "Learning", "Compute",
        ]),
]

// Tests may look inside a target, also in the optimised build that everything else uses: one build
// serves the demo, the tests and the benchmarks.
let inC = ["COpenBLAS", "CVectorMath"]
for target in libraries where !inC.contains(target.name) {
    target.swiftSettings = [.unsafeFlags(["-enable-testing"])]
}

/// `Tests/<Target>Tests` mirrors `Sources/<Target>` and may import what the target may.
@MainActor
func tests(of name: String, also more: [Target.Dependency] = []) -> Target {
    let target = libraries.first { $0.name == name }
    return .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + (target?.dependencies ?? []) + more)
}

/// A folder for one test, and no network.
let scratch = Target.target(
    name: "TestScratch", dependencies: ["Fetching", "Diagnostics"], path: "Tests/Scratch")

/// What the tests of several targets share.
let fixtures = Target.target(
    name: "TestFixtures", dependencies: ["Training", "Datasets", "Models", "Learning", "Compute"],
    path: "Tests/Fixtures")

let package = Package(
    name: "lorikeet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "lorikeet", targets: ["lorikeet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: systemLibraries + libraries + [
        fixtures, scratch,
        tests(of: "Diagnostics"), tests(of: "System", also: ["TestScratch"]), tests(of: "JSON"),
        tests(of: "Display"),
        tests(of: "Jupyter"),
        tests(of: "Compute"), tests(of: "Learning"), tests(of: "Checkpoints"),
        tests(of: "Tokenizers", also: ["Checkpoints"]), tests(of: "Models", also: ["Tokenizers"]),
        tests(of: "Fetching", also: ["TestScratch"]), tests(of: "Datasets", also: ["TestScratch"]),
        tests(of: "Training", also: ["TestFixtures"]),
        tests(of: "Interchange", also: ["TestFixtures"]),
        tests(of: "Language"),
        tests(of: "Commands", also: ["TestScratch"]),
    ],
    swiftLanguageModes: [.v6]
)
