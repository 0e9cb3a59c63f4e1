import Datasets
import Diagnostics

/// What a run is to be judged by besides, as a person asks for it.
package struct ValidationSetRequest: Sendable, Hashable, Codable {
    package var name: String
    /// A part of the run's own data; nil for another data set.
    package var part: Split?
    /// How other data are had; nil for a part of the run's own.
    package var data: DatasetRequest?

    /// - `text`: the name of a part, of a data set, or a path.
    /// - `seed`: draws the rows of what has no parts.
    package init(_ text: String, seed: UInt64) {
        if let part = Split(named: text) {
            (name, self.part) = (part.rawValue, part)
        } else {
            (name, data) = (text, DatasetRequest(name: text, seed: seed))
        }
    }
}

/// Texts that a run is judged by, their classes those of the task, in its order.
package struct ValidationSet: Sendable {
    package private(set) var name: String
    package let dataset: Dataset
    package let split: Split

    package init(name: String, dataset: Dataset, split: Split) {
        (self.name, self.dataset, self.split) = (name, dataset, split)
    }

    package var count: Int { dataset[split].count }

    /// All that a run is judged by, the one first that decides: what was asked for, and before it, where it was not
    /// named, the data's own validation part.
    ///
    /// - `load`: brings other data.
    /// - Throws: `no-examples`; `other-classes`; `unused-class`; what loading brings up.
    package static func all(
        _ judging: JudgingSettings, of own: Dataset, loading load: (DatasetRequest) throws -> Dataset
    ) throws -> [ValidationSet] {
        let requests = judging.sets ?? []
        let map = try ClassMap(judging.classNames ?? [], of: own.labels)
        var (sets, theirs): ([ValidationSet], [[String]]) = ([], [])
        for request in requests {
            guard let wanted = request.data else {
                sets.append(try part(request.part ?? .validation, of: own))
                continue
            }
            var set = try other(wanted)
            theirs.append(set.dataset.labels)
            set = ValidationSet(
                name: sets.contains { $0.name == set.name } ? request.name : set.name,
                dataset: try map.applied(to: set.dataset, as: own.labels, named: request.name),
                split: set.split)
            sets.append(set)
        }
        if let name = map.unused(by: theirs) {
            throw Diagnostic(
                "unused-class", "no data set of validate= has the class \(name.forMessages)",
                about: "validate.map", hint: "leave it out of validate.map")
        }
        if !own.validation.isEmpty, !sets.contains(where: { $0.name == Split.validation.rawValue }) {
            sets.insert(try part(.validation, of: own), at: 0)
        }
        return sets

        func other(_ request: DatasetRequest) throws -> ValidationSet {
            do {
                return try whole(load(request), request)
            } catch let problem as Diagnostic where problem.setting == nil {
                throw Diagnostic(
                    problem.code, problem.message, at: problem.span, about: "validate", hint: problem.hint)
            }
        }
    }

    private static func part(_ part: Split, of own: Dataset) throws -> ValidationSet {
        guard !own[part].isEmpty else {
            throw Diagnostic(
                "no-examples", "the data set \(own.name) has no \(part.rawValue) examples to judge by",
                about: "validate", hint: "leave \(part.rawValue) out of validate=")
        }
        return ValidationSet(name: part.rawValue, dataset: own, split: part)
    }

    /// Its validation part as `load` would have it; all rows of a file of one's own that names no parts.
    private static func whole(_ loaded: Dataset, _ request: DatasetRequest) throws -> ValidationSet {
        var dataset = loaded
        guard !dataset.labels.isEmpty else {
            throw Diagnostic(
                "no-classes", "\(request.name.forMessages) has no classes to judge by",
                hint: "leave \(request.name) out of validate=")
        }
        let isOurs = DatasetRegistry.all.contains { $0.name == request.name.lowercased() }
        if !isOurs, dataset.declaredParts.isEmpty {
            dataset.validation = (dataset.train + dataset.validation + dataset.test).sorted { $0.id < $1.id }
        } else if dataset.validation.isEmpty {
            dataset.validation = dataset.test
        }
        return ValidationSet(name: dataset.name, dataset: dataset, split: .validation)
    }
}
