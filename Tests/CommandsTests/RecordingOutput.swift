import Diagnostics
import Display
import Synchronization
import TestScratch

@testable import Commands

/// Keeps what a cell shows, for tests.
final class RecordingOutput: Output {
    enum Event: Sendable, Equatable {
        case display(MimeBundle, id: String?)
        case update(MimeBundle, id: String)
        case write(String, OutputStream)
        case clear(wait: Bool)
        case page(MimeBundle)
        case input(String, isPassword: Bool)
    }

    private let recorded = Mutex<[Event]>([])
    private let answer: String?

    init(answer: String? = nil) { self.answer = answer }

    var events: [Event] { recorded.withLock { $0 } }

    var text: String {
        events.reduce(into: "") { text, event in
            if case .write(let part, .standardOutput) = event { text += part }
        }
    }

    /// What displays and updates show as text.
    var shown: String {
        events.reduce(into: "") { text, event in
            switch event {
            case .display(let bundle, _), .update(let bundle, _): text += bundle.plain + "\n"
            default: break
            }
        }
    }

    private func add(_ event: Event) { recorded.withLock { $0.append(event) } }

    func display(_ bundle: MimeBundle, id: String?) { add(.display(bundle, id: id)) }
    func update(_ bundle: MimeBundle, id: String) { add(.update(bundle, id: id)) }
    func write(_ text: String, to stream: OutputStream) { add(.write(text, stream)) }
    func clear(wait: Bool) { add(.clear(wait: wait)) }
    func page(_ bundle: MimeBundle) { add(.page(bundle)) }

    func input(prompt: String, isPassword: Bool) throws -> String {
        add(.input(prompt, isPassword: isPassword))
        guard let answer else { throw Diagnostic("no-input", "nobody can be asked") }
        return answer
    }
}

/// Asks for a stop once something is shown that fits.
final class StoppingOutput: Output {
    private let interruption: Interruption
    private let stops: @Sendable (MimeBundle) -> Bool

    init(_ interruption: Interruption, when stops: @escaping @Sendable (MimeBundle) -> Bool) {
        self.interruption = interruption
        self.stops = stops
    }

    func display(_ bundle: MimeBundle, id: String?) { if stops(bundle) { interruption.request() } }
    func update(_ bundle: MimeBundle, id: String) { if stops(bundle) { interruption.request() } }
    func write(_ text: String, to stream: Display.OutputStream) {}
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}

/// Tells what is written as it comes.
final class NotingOutput: Output {
    private let take: @Sendable (String) -> Void

    init(_ take: @escaping @Sendable (String) -> Void) { self.take = take }

    func display(_ bundle: MimeBundle, id: String?) {}
    func update(_ bundle: MimeBundle, id: String) {}
    func write(_ text: String, to stream: Display.OutputStream) { take(text) }
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}

extension Surroundings {
    /// The real ones, with a default model that needs no download, and no network, and without a folder for runs.
    static let local = {
        var surroundings = Surroundings.real
        surroundings.defaultModel = "nano"
        surroundings.client = NoNetwork()
        surroundings.runs = nil
        return surroundings
    }()
}

/// A session with the real verbs, and shortcuts to run cells in it.
struct Bench {
    let interpreter: CellInterpreter
    let output: RecordingOutput
    let interruption = Interruption()

    init(
        answer: String? = nil, surroundings: Surroundings = .local,
        commands: [any Command] = CommandRegistry.commands
    ) {
        output = RecordingOutput(answer: answer)
        interpreter = CellInterpreter(session: Session(surroundings: surroundings), commands: commands)
    }

    @discardableResult
    func run(_ cell: String) -> CellOutcome {
        interpreter.run(cell: cell, output: output, interruption: interruption)
    }

    func problem(_ cell: String) -> Diagnostic? {
        if case .failed(let report) = run(cell).ending { report.diagnostic } else { nil }
    }

    func result(_ cell: String) -> MimeBundle? {
        if case .finished(let bundle) = run(cell).ending { bundle } else { nil }
    }

    /// What the last display that may be updated shows after a cell.
    func panel(_ cell: String) -> MimeBundle? {
        run(cell)
        return output.events.reversed().lazy.compactMap { event in
            switch event {
            case .display(let bundle, id: .some), .update(let bundle, _): bundle
            default: nil
            }
        }.first
    }
}
