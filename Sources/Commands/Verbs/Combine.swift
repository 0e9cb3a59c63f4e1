import Diagnostics
import Display
import Foundation
import Interchange
import Language
import Learning
import System
import Training

/// `combine`: several LoRA adapters on the loaded model as one.
struct CombineCommand: Command {
    private let adapters = VerbParameter<[String]>(
        "adapters", "folders of LoRA adapters on the loaded model", listOf: .path(.folder), default: []
    ).rest()
    private let to = VerbParameter<String>(required: "to", "the folder to write", .path(.folder))
    private let weights = VerbParameter<[String]?>(
        "weights", "one for each adapter, negative ones take away", listOf: .text
    ).otherwise("equal shares that add up to 1")
    private let how = VerbParameter<String>(
        "how", "how changes become one", .choice(Self.ways.map { Choice($0.name, $0.doc) }), default: "svd"
    ).also("combination_type")
    private let density = VerbParameter<Double?>(
        "density", "the share of values that stay, where some are dropped",
        NumberRange(low: 0, high: 1, excludesLow: true)
    ).otherwise("0.5 where some are dropped")
    private let majority = VerbParameter<String>(
        "majority_sign_method", "what makes a sign the majority's, for ties",
        .choice([
            Choice("total", "the sum of the values"), Choice("frequency", "their number"),
        ]), default: "total")
    private let rank = VerbParameter<Int?>("svd_rank", "rank of what svd makes", 1...256)
        .otherwise("the largest rank of the adapters")
    private let seed = VerbParameter<Int?>("seed", "of what dare drops", 0...Int.max)
        .otherwise("the session's seed")

    private static let ways: [(name: String, doc: String)] =
        [
            ("svd", "the weighted sum of the weights' changes, exact up to its rank"),
            ("cat", "all of them one below the other: exact, and as large as all together"),
            ("linear", "A and B summed apart: small and rough, for equal ranks"),
        ]
        + [
            ("ties", "the largest values, of the sign that most have"),
            ("dare_linear", "values dropped by chance, the others grow by as much"),
            ("dare_ties", "dropped by chance, of the sign that most have"),
            ("magnitude_prune", "the largest values alone"),
        ].flatMap { name, doc in
            [(name, doc + "; in A and B apart"), ("\(name)_svd", doc + "; in the weights' changes")]
        }

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "combine", group: .share, summary: "makes one LoRA adapter of several",
            details: """
                As PEFT's add_weighted_adapter does, in its words: by weights, by TIES (Yadav et al. 2023) or DARE \
                (Yu et al. 2024). Classifiers of the same classes become their weighted mean. The folder is read \
                back before it counts as written, and open goes on with it. What dare drops is drawn by a \
                generator of our own.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "combine ham/ stars/ to=both/ weights=0.7,0.3", "seven parts of one, three of the other",
                    isSelfContained: false),
                CommandExample(
                    "combine a/ b/ c/ to=all/ how=ties density=0.2",
                    "the fifth of the values that matters most",
                    isSelfContained: false),
            ], uses: [.model])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try context.state.engine.requiredModel(for: arguments.verb.text)
        let paths = arguments[adapters].map { expandingHome($0) }
        guard paths.count > 1 else {
            throw Diagnostic(
                "bad-value", "combine makes one adapter of several, and \(paths.count) is named",
                at: arguments.span(of: adapters), hint: "write combine FIRST SECOND to=FOLDER")
        }
        let shares = try shares(arguments, of: paths.count)
        let combination = try combination(arguments, seed: context.state.settings.seed)
        let folder = expandingHome(arguments[to])
        if let same = paths.first(where: { Self.place($0) == Self.place(folder) }) {
            throw Diagnostic(
                "bad-value", "to=\(arguments[to]) would take the place of \(same), which it is made of",
                at: arguments.span(of: to), hint: "name another folder")
        }
        try context.interruption.check()
        do {
            let combined = try CombinedAdapters(
                zip(paths, shares).map { (path: $0, weight: $1) }, for: loaded.model,
                in: space(arguments), by: combination,
                interruption: context.interruption)
            let written = try locating(arguments.span(of: to)) { try combined.write(to: folder, of: loaded) }
            let made = zip(paths, shares).map { "\(formatted($1)) of \($0)" }.joined(separator: ", ")
            return written.report(
                at: folder,
                remarks: ["by \(arguments[how]): \(made)", "open \(arguments[to]) goes on with it"])
        } catch let problem as Diagnostic {
            throw problem.located(
                at: problem.setting.map(arguments.span(of:)) ?? arguments.span(of: adapters))
        }
    }

    private static func place(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    private func shares(_ arguments: Arguments, of count: Int) throws -> [Double] {
        guard let written = arguments[weights] else {
            return [Double](repeating: 1 / Double(count), count: count)
        }
        let numbers = written.compactMap { Double($0) }.filter { abs($0) <= 1000 }
        guard numbers.count == written.count, numbers.count == count else {
            throw Diagnostic(
                "bad-value",
                "\(count) adapters want \(count) numbers as weights, not \(written.joined(separator: ","))",
                at: arguments.span(of: weights),
                hint: "write weights=\(["0.7", "0.3"].prefix(count).joined(separator: ",")), one for each")
        }
        return numbers
    }

    private func space(_ arguments: Arguments) -> CombinedAdapters.Space {
        switch arguments[how] {
        case "cat": .concatenated
        case let name where name.hasSuffix("svd"): .singular(rank: arguments[rank])
        default: .factors
        }
    }

    private func combination(_ arguments: Arguments, seed session: Int) throws -> Combination {
        let name = arguments[how]
        let rule = Combination.Rule(rawValue: name.replacing("_svd", with: "")) ?? .linear
        for (parameter, isRead, reason) in [
            (density.declaration.name, rule.prunes, "\(name) drops nothing"),
            (rank.declaration.name, name.hasSuffix("svd"), "\(name) decomposes nothing"),
            (majority.declaration.name, rule.electsSigns, "\(name) elects no signs"),
            (seed.declaration.name, rule.drawsByChance, "\(name) draws nothing"),
        ] where !isRead && arguments.given(parameter) != nil {
            throw Diagnostic(
                "bad-value", "\(parameter) has no effect: \(reason)", at: arguments.span(of: parameter),
                hint: "leave \(parameter) out")
        }
        return Combination(
            rule, density: arguments[density] ?? (rule.prunes ? 0.5 : 1),
            majority: Combination.Majority(rawValue: arguments[majority]) ?? .total,
            seed: UInt64(arguments[seed] ?? session))
    }
}
