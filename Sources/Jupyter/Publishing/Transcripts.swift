import JSON

/// What cells of notebooks have shown lately, for a page that was loaded while they ran.
///
/// Such a page knows nothing of the requests that an earlier one made, and would show none of
/// their outputs. It asks (`lorikeet.live`), is told what it missed, and follows from there.
struct Transcripts: Sendable {
    /// Bytes that are kept; a notebook server lets no more than three megabytes through at a time.
    static let budget = 2 << 20
    /// The name under which a front end asks.
    static let target = "lorikeet.live"

    /// The oldest first; one for a cell at most.
    private var kept: [Transcript] = []

    mutating func begin(_ transcript: Transcript) {
        kept.removeAll { $0.cell == transcript.cell }
        kept.append(transcript)
        keepWithinBudget()
    }

    /// Takes down a message that is being published.
    mutating func note(_ type: String, _ content: JSON, for parent: Parent) {
        if type == MessageType.updateDisplayData, let display = displayID(content) {
            for index in kept.indices { kept[index].update(display, content) }
        } else if let index = kept.firstIndex(where: { $0.parent.id == parent.id }) {
            kept[index].note(type, content)
        } else {
            return
        }
        keepWithinBudget()
    }

    mutating func end(_ parent: Parent, at time: Double) {
        for index in kept.indices where kept[index].parent.id == parent.id { kept[index].ended = time }
    }

    /// The cells that run, and those that ended after `time`, in seconds since 1970.
    ///
    /// - `now`: from when on the next question need ask.
    func recalled(since time: Double, now: Double) -> JSON {
        let missed = kept.filter { transcript in transcript.ended.map { $0 > time } ?? true }
        return ["now": .number(now), "cells": .array(missed.map { $0.described() })]
    }

    /// The oldest goes first. A cell that shows more than the budget is let go of too: a page that is loaded
    /// meanwhile keeps what was saved.
    private mutating func keepWithinBudget() {
        var size = kept.reduce(0) { $0 + $1.size }
        while size > Self.budget, !kept.isEmpty { size -= kept.removeFirst().size }
    }
}
