import Learning
import Models

/// How a model is tuned at one moment, to go back to when what changes it fails.
///
/// It holds no copies: values that are written in place meanwhile stay written.
package struct ModelMoment: Sendable {
    private let adapters: [(linear: Linear, adapter: (any LinearAdapter)?)]
    private let parameters: [(parameter: Parameter, moment: Parameter.Moment)]

    package init(of model: any LanguageModel) {
        adapters = model.adaptable.map { ($0, $0.adapter) }
        parameters = model.store.parameters.map { ($0, $0.moment) }
    }

    package func restore() {
        for (linear, adapter) in adapters { linear.adapter = adapter }
        for (parameter, moment) in parameters { parameter.moment = moment }
    }
}
