import Diagnostics
import Display
import JSON
import System

extension RequestHandler {
    /// Runs a cell.
    static let execute = RequestHandler("execute_request", .inTurn, runsCell: true) { request in
        guard let code = request.content["code"]?.string else {
            throw Diagnostic("bad-request", "execute_request has no code")
        }
        return Execution(request, code).run()
    }
}

/// One cell from its input to its reply.
private struct Execution {
    let request: Request
    let code: String
    let isSilent: Bool
    let isStored: Bool
    let count: Int
    let output: CellOutput
    let began = timestamp()

    /// Microseconds after an error in which cells still arrive that were sent before it.
    static let grace: UInt32 = 5000

    init(_ request: Request, _ code: String) {
        self.request = request
        self.code = code
        let content = request.content
        isSilent = content["silent"]?.bool ?? false
        isStored = (content["store_history"]?.bool ?? true) && !isSilent
        count = isStored ? request.subshell.advanceExecutionCount() : request.subshell.executionCount
        let isConsole = Self.isFromConsole(request)
        output = CellOutput(
            for: request.parent, on: request.kernel.publisher, asking: request.kernel.desk,
            CellOutput.Options(
                isSilent: isSilent, allowsInput: content["allow_stdin"]?.bool ?? true,
                updatesInPlace: !isConsole, columns: isConsole ? Self.consoleColumns : .max,
                limit: request.kernel.options.outputLimit))
    }

    /// No message says how wide a console is. It breaks longer lines within words.
    private static let consoleColumns = 80

    /// Whether a console has sent the cell: such let updates of displays pass unseen.
    ///
    /// No message says so. Notebooks name the cell, and what runs notebooks without a person takes no input; a
    /// console does neither. Where that is wrong, progress is lines of text, and nothing is missing.
    private static func isFromConsole(_ request: Request) -> Bool {
        request.message.metadata["cellId"] == nil && request.content["allow_stdin"]?.bool ?? true
    }

    func run() -> Answer {
        if !isSilent, let cell = request.message.metadata["cellId"]?.string {
            request.kernel.publisher.transcribe(
                Transcript(cell: cell, code: code, executionCount: count, parent: request.parent))
        }
        publish(MessageType.executeInput, ["code": .string(code), "execution_count": .integer(count)])
        let outcome = request.kernel.interpreter.run(
            cell: code, output: output, interruption: request.interruption)
        switch outcome {
        case .finished(let value): return finish(value)
        case .failed(let failure): return fail(failure)
        case .interrupted(let isSaid):
            // The reply is an error all the same, by which runners of notebooks and waiting cells know of the stop.
            return fail(
                CellFailure(
                    name: "Interrupted", value: "the cell was stopped",
                    traceback: ["Interrupted: the cell was stopped; what it had finished is kept"]),
                isShown: !isSaid)
        }
    }

    private func finish(_ value: MimeBundle?) -> Answer {
        if let value = value.map(wrapped) {
            publish(
                MessageType.executeResult,
                [
                    "execution_count": .integer(count), "data": .object(value.data),
                    "metadata": .object(value.metadata),
                ])
        }
        return Answer(
            [
                "status": "ok", "execution_count": .integer(count), "payload": .array(output.payload),
                "user_expressions": userExpressions(),
            ], metadata: metadata("ok"), afterwards: { record(value?.plain) })
    }

    /// A console sets its prompt before a result of one line.
    private func wrapped(_ value: MimeBundle) -> MimeBundle {
        let prompt = output.columns < .max && !value.plain.contains("\n") ? 10 : 0
        return value.wrapped(to: output.columns - prompt)
    }

    /// - `isShown`: whether the error is an output of the cell too.
    private func fail(_ failure: CellFailure, isShown: Bool = true) -> Answer {
        let error = ErrorReply(failure, executionCount: count)
        if isShown {
            publish(
                MessageType.error,
                [
                    "ename": .string(error.name), "evalue": .string(error.value),
                    "traceback": .array(error.traceback.map { .string($0) }),
                ])
        }
        if request.content["stop_on_error"]?.bool ?? true {
            // Cells that a front end sends at once arrive one after the other: the last may be on the way.
            usleep(Self.grace)
            request.kernel.shell.waitUntilRead()
            request.subshell.abortWaitingCells()
        }
        return Answer(error.content, metadata: metadata("error"), afterwards: { record(nil) })
    }

    /// Each is answered by itself; a wrong one is an error under its own name.
    private func userExpressions() -> JSON {
        guard let asked = request.content["user_expressions"]?.object else { return [:] }
        let answers = asked.map { name, expression -> (String, JSON) in
            switch request.kernel.interpreter.evaluate(expression: expression.string ?? "") {
            case .success(let bundle):
                (name, ["status": "ok", "data": .object(bundle.data), "metadata": .object(bundle.metadata)])
            case .failure(let diagnostic): (name, ErrorReply(CellFailure(diagnostic)).content)
            }
        }
        return .object(JSONObject(answers))
    }

    private func publish(_ type: String, _ content: JSON) {
        guard !isSilent else { return }
        request.kernel.publisher.publish(type, content, for: request.parent)
    }

    private func metadata(_ status: String) -> JSON {
        ["started": .string(began), "dependencies_met": true, "status": .string(status)]
    }

    private func record(_ result: String?) {
        guard isStored else { return }
        request.kernel.history.record(code, result: result, line: count, in: request.subshell.history)
    }
}
