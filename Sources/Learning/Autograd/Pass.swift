import Compute
import Diagnostics
import System

/// One forward pass, and the backward pass of what it recorded, over one packed batch.
///
/// It runs under a tuning, or over the untuned base. A pass belongs to one thread; parameters are shared, their
/// gradients are the pass's own.
/// A wide pass splits inside its operations over `workers`, into pieces of fixed size, so that
/// results don't depend on how many workers there are.
package final class Pass: @unchecked Sendable {
    package struct Randomness: Sendable {
        package var seed: UInt64
        package var step: Int

        package init(seed: UInt64, step: Int) {
            self.seed = seed
            self.step = step
        }
    }

    package let layout: Layout
    /// What is changed about the base; nil for nothing.
    package let tuning: Tuning?
    /// Present in training: dropout is on and trainable parameters are tracked.
    package let randomness: Randomness?
    package let interruption: Interruption?
    /// Whether of parts of the model only the inputs are kept (see `checkpoint`).
    package let isCheckpointing: Bool
    private let workers: Workers?
    private var tape: [GradientSlot] = []
    /// Whether results are computed that no backward function will ask for: they will be computed once more.
    private var isPassing = false
    private var shared: [ObjectIdentifier: Tensor] = [:]
    private var leaves: [ObjectIdentifier: (parameter: Parameter, slot: GradientSlot)] = [:]
    /// Keys and values of a common beginning, by block (see `PrefixCache`).
    package var prefix: PrefixCache?
    /// What each sequence's earlier tokens have left, where sequences go on (see `SequenceMemory`); this pass adds to it.
    package var memories: [SequenceMemory]?
    /// Which rows of the layout the matrix at hand has, where it has some of them: a language head's.
    private(set) var chosenRows: [Int]?
    /// Running statistics as this pass, in training, has them become; whoever takes the step writes them.
    package private(set) var renewed: [(parameter: Parameter, values: Buffer)] = []

    package init(
        _ layout: Layout, under tuning: Tuning? = nil, training randomness: Randomness? = nil,
        checkpointing isCheckpointing: Bool = false, workers: Workers? = nil,
        interruption: Interruption? = nil
    ) {
        self.layout = layout
        self.isCheckpointing = isCheckpointing && randomness != nil
        self.tuning = tuning
        self.randomness = randomness
        self.workers = workers
        self.interruption = interruption
    }

    /// Lets operations within `body` know that their rows are these of the layout's.
    package func reading<Result>(_ rows: [Int], _ body: () throws -> Result) rethrows -> Result {
        chosenRows = rows
        defer { chosenRows = nil }
        return try body()
    }

    package var isTraining: Bool { randomness != nil }

    /// Whether operations split their work over workers.
    var isWide: Bool { workers != nil }

    /// What stands in this pass for a parameter of the model: the one place in which operations ask.
    package func current(_ parameter: Parameter) -> Parameter {
        guard let tuning, !tuning.replaced.isEmpty else { return parameter }
        return tuning.current(parameter)
    }

    /// The slot in which a trained parameter's gradient gathers, nil for a frozen one.
    ///
    /// - `parameter`: as `current` gives it, or a hook's own.
    package func slot(for parameter: Parameter) -> GradientSlot? {
        guard isTraining, let tuning, tuning.trains(parameter) else { return nil }
        let key = ObjectIdentifier(parameter)
        if let leaf = leaves[key] { return leaf.slot }
        let slot = GradientSlot(count: parameter.count)
        leaves[key] = (parameter, slot)
        return slot
    }

    /// Lets the gradients of a parameter add to a buffer from outside, such as a whole batch's.
    package func gather(_ parameter: Parameter, into buffer: Buffer) {
        slot(for: parameter)?.gather(into: buffer)
    }

    /// What several places of a model read a part of, computed by the first of them that asks.
    ///
    /// - `owner`: a parameter that it is made of, and by which it is known.
    package func once(_ owner: Parameter, _ make: () throws -> Tensor) rethrows -> Tensor {
        if let made = shared[ObjectIdentifier(owner)] { return made }
        // Others read it too: it is no part of the one that happens to ask first.
        let made = try recording(true, make)
        shared[ObjectIdentifier(owner)] = made
        return made
    }

    /// A parameter as a tensor, (rows, columns): its values where they lie, and its gradient's slot.
    ///
    /// - `parameter`: a hook's own, or as `current` gives it.
    package func tensor(_ parameter: Parameter) -> Tensor {
        Tensor(
            rows: parameter.rows, columns: parameter.columns, buffer: parameter.dense(),
            slot: slot(for: parameter))
    }

    /// The gradient of a parameter after `backward`; nil when nothing reached it.
    package func gradient(of parameter: Parameter) -> Buffer? {
        leaves[ObjectIdentifier(parameter)]?.slot.gradient
    }

    /// Records an operation's result; without tracked inputs, only its values are kept.
    ///
    /// - `remake`: computes the result once more, in place of keeping it for backward functions.
    /// - `backward`: is handed the result's gradient and adds to its inputs' slots.
    func record(
        rows: Int, columns: Int, buffer: Buffer, isTracked: Bool, isDisposable: Bool = false,
        writesOver: Bool = false, remake: (() -> Buffer)? = nil, backward: @escaping (Buffer) throws -> Void
    ) -> Tensor {
        guard isTracked else {
            return Tensor(rows: rows, columns: columns, buffer: buffer, isDisposable: isDisposable)
        }
        let slot = GradientSlot(
            count: rows * columns, writesOver: writesOver, backward: isPassing ? nil : backward)
        if !isPassing { tape.append(slot) }
        return Tensor(
            rows: rows, columns: columns, buffer: buffer, slot: slot, isDisposable: isDisposable,
            remake: remake)
    }

    /// Runs `body` with or without a record of what it computes. Without one, results still know whether they are
    /// tracked.
    func recording<Result>(_ isRecording: Bool, _ body: () throws -> Result) rethrows -> Result {
        let before = isPassing
        isPassing = !isRecording
        defer { isPassing = before }
        return try body()
    }

    /// Notes what a parameter that is never trained is to become.
    func renew(_ parameter: Parameter, with values: Buffer) { renewed.append((parameter, values)) }

    /// How many operations are recorded so far.
    package var recordedCount: Int { tape.count }

    /// Gives every tracked parameter its gradient, from the gradient of an output; frees as it goes.
    ///
    /// - `first`: so many operations, the first recorded, wait for other outputs' gradients and a later call.
    package func backward(from output: Tensor, gradient: Buffer, keeping first: Int = 0) throws {
        output.slot?.add(gradient)
        while tape.count > first, let last = tape.popLast() {
            try interruption?.check()
            try last.run()
        }
    }

    /// A tensor whose own gradient is wanted, such as the input of a test.
    package func tracked(_ tensor: Tensor) -> Tensor {
        Tensor(
            rows: tensor.rows, columns: tensor.columns, buffer: tensor.buffer,
            slot: GradientSlot(count: tensor.count))
    }

    /// A number for the use of randomness at a place, the same in every pass of a step.
    func salt(at site: RandomSite) -> UInt32 {
        guard let randomness else { return 0 }
        let step = CounterRandom.mix(randomness.seed ^ CounterRandom.mix(UInt64(randomness.step)))
        return UInt32(truncatingIfNeeded: CounterRandom.mix(step &+ site.number))
    }

    // MARK: - Splitting

    /// Runs `body` over `count` rows in fixed ranges of `grain`, in any order.
    func split(_ count: Int, grain: Int, _ body: @escaping (Range<Int>) -> Void) {
        guard let workers, count > grain else {
            if count > 0 { body(0..<count) }
            return
        }
        let work = Unchecked(body)
        workers.run((count + grain - 1) / grain) { piece in
            work.value(piece * grain..<min(count, (piece + 1) * grain))
        }
    }

    /// Runs `body` for every number below `count`, each a piece of its own.
    func each(_ count: Int, _ body: @escaping (Int) -> Void) {
        guard let workers else {
            for index in 0..<count { body(index) }
            return
        }
        let work = Unchecked(body)
        workers.run(count) { work.value($0) }
    }

    private struct Unchecked<Value>: @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }
}
