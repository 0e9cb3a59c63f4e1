import Diagnostics
import Foundation
import Language
import Synchronization

/// What one statement has to itself while it runs.
package struct Lease: Sendable, Hashable {
    /// Who has it.
    let verb: String
    let resources: Set<Resource>
    /// Whether that may take minutes, so that others are refused and don't wait.
    let isLong: Bool
    /// Tells the leases of equal statements apart.
    fileprivate let id = UUID()
    /// The outermost block that it stands in, or itself: what that has, it has too.
    fileprivate let owner: UUID

    /// - `outer`: that of the block that the statement stands in.
    init(_ verb: String, _ resources: Set<Resource>, isLong: Bool, inside outer: Lease? = nil) {
        self.verb = verb
        self.resources = resources.filter(\.isExclusive)
        self.isLong = isLong
        owner = outer?.owner ?? id
    }
}

/// Who in a session has what to itself: statements of several subshells run beside each other.
///
/// A statement takes all that it needs at once. Beside one that may take minutes it is refused, so that nobody
/// waits for minutes; beside a short one it waits its turn, so that nothing fails by chance, and says so when that
/// takes more than a moment (a model that is fetched first).
final class Leases: Sendable {
    private let held = Mutex<[Lease]>([])
    private let now: @Sendable () -> Double
    private let pause: @Sendable () -> Void

    /// Seconds for which nothing is said of waiting: most statements are over by then.
    static let silence = 0.5

    /// - `now`: in seconds, for saying what is waited for.
    /// - `pause`: between two looks at whether a short statement has ended.
    init(
        now: @escaping @Sendable () -> Double,
        pause: @escaping @Sendable () -> Void = { Thread.sleep(forTimeInterval: 0.002) }
    ) {
        self.now = now
        self.pause = pause
    }

    /// The verbs that have something to themselves just now, and what.
    var holders: [Lease] { held.withLock { $0 } }

    /// Those that stand in another statement than one with this lease.
    func holders(beside lease: Lease) -> [Lease] { holders.filter { $0.owner != lease.owner } }

    /// Runs work while nobody else has what `wanted` names.
    ///
    /// What the blocks have that the statement stands in need not be taken again.
    ///
    /// - `note`: told once what is waited for, when that takes more than a moment.
    /// - Throws: `busy`; `Interrupted` while waiting.
    func hold<Result>(
        _ wanted: Lease, at span: SourceSpan, interruption: Interruption,
        note: (String) -> Void = { _ in }, _ work: () throws -> Result
    ) throws -> Result {
        guard !wanted.resources.isEmpty else { return try work() }
        var silentUntil: Double? = now() + Self.silence
        while let other = take(wanted) {
            // Whoever has something already must not wait for more: the other one may wait for that.
            guard !other.isLong, wanted.owner == wanted.id else { throw busy(wanted, other, at: span) }
            try interruption.check()
            if let end = silentUntil, now() >= end {
                note("\(wanted.verb) waits for \(other.verb), which is at work on \(shared(wanted, other))")
                silentUntil = nil
            }
            pause()
        }
        defer { held.withLock { $0.removeAll { $0.id == wanted.id } } }
        return try work()
    }

    /// Notes the lease, where its owner has not all of it already, or returns the one that stands against it.
    private func take(_ wanted: Lease) -> Lease? {
        held.withLock { held in
            let own = held.filter { $0.owner == wanted.owner }
            let missing = own.reduce(wanted.resources) { $0.subtracting($1.resources) }
            guard !missing.isEmpty else { return nil }
            if let other = held.first(where: {
                $0.owner != wanted.owner && !$0.resources.isDisjoint(with: missing)
            }) {
                return other
            }
            held.append(wanted)
            return nil
        }
    }

    private func busy(_ wanted: Lease, _ other: Lease, at span: SourceSpan) -> Diagnostic {
        let them = wanted.resources.intersection(other.resources).count > 1 ? "them" : "it"
        return Diagnostic(
            "busy",
            "\(wanted.verb) needs \(shared(wanted, other)), and \(other.verb) is at work on \(them)",
            at: span,
            hint:
                "wait until \(other.verb) has ended, or interrupt it; what only looks (status, params, plot, "
                + "table, show) answers beside it")
    }

    /// What both need, as a sentence has it.
    private func shared(_ wanted: Lease, _ other: Lease) -> String {
        wanted.resources.intersection(other.resources).map(\.name).sorted(by: >).joined(separator: " and ")
    }
}
