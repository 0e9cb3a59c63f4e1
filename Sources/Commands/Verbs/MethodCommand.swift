import Diagnostics
import Display
import Language
import Learning
import Training

/// The verb of a method, made of its declaration: `full`, `lora`.
package struct MethodCommand: Command {
    private let method: any Method.Type

    package init(_ method: any Method.Type) { self.method = method }

    package var declaration: CommandDeclaration {
        let declared = method.declaration
        return CommandDeclaration(
            declared.name, group: .method, summary: declared.summary, details: declared.details,
            parameters: declared.settings.map { ParameterDeclaration($0) },
            examples: declared.examples.map { CommandExample($0.code, $0.doc, after: "model nano") },
            foreign: declared.foreign.map { ForeignKey($0.name, $0.reason, accepted: $0.accepted) },
            changes: [.model, .results])
    }

    package func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try context.readyModel(for: arguments.verb.text)
        let settings = method.declaration.settings
        let values = SettingValues(settings, try arguments.given(settings))
        let seed = UInt64(values.count(MethodDeclaration.seed.name) ?? context.state.settings.seed)
        do {
            let attached = try AttachedMethod(method.init(values), to: loaded, seed: seed, head: loaded.head)
            context.state.engine.adopt(attached)
            let data = context.state.engine.data
            let isWriting = data?.template != nil || data?.dataset.shape == .texts
            let keepsHead = !isWriting && context.state.engine.method?.head != nil
            return ParameterCount(of: context.state.engine)?.summary(
                method: attached.summary,
                remarks: attached.source.remarks(on: loaded.model, isWriting: isWriting)
                    + (keepsHead ? ["begins with the classifier of \(loaded.name)"] : []))
        } catch let problem as Diagnostic {
            throw problem.located(at: problem.setting.map(arguments.span(of:)) ?? arguments.verb.span)
        }
    }
}
