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

extension DatasetRequest {
    /// The same data, with the number that another's texts have looked for in the column of that name.
    fileprivate func learning(as own: Dataset) -> DatasetRequest {
        var request = self
        request.valueColumn = valueColumn ?? own.roles[.value]
        return request
    }
}

extension [ValidationSetRequest] {
    /// - Throws: `two-values` where two of them are one, as `validation` and `dev`, or `a.csv` and `./a.csv`, are.
    package func requireDistinct() throws {
        var known: [String: String] = [:]
        for request in self {
            let place = request.data.map { "data \(DatasetRegistry.place(of: $0))" } ?? "part \(request.name)"
            if let former = known.updateValue(request.name, forKey: place) {
                let both =
                    former == request.name
                    ? "\(former) twice" : "\(former) and \(request.name), which are one"
                throw Diagnostic(
                    "two-values", "validate has \(both.forMessages)", about: "validate",
                    hint: "name each set once")
            }
        }
    }
}

/// Texts that a run is judged by, their classes those of the task, in its order.
package struct ValidationSet: Sendable {
    package private(set) var name: String
    package private(set) var dataset: Dataset
    package let split: Split
    /// Whether it is called a test: a part of the data, or a file of one's own.
    package let isTest: Bool

    package init(name: String, dataset: Dataset, split: Split, isTest: Bool = false) {
        (self.name, self.dataset, self.split, self.isTest) = (name, dataset, split, isTest)
    }

    package var count: Int { dataset[split].count }

    /// All that a run is judged by, the one first that decides: the data's own validation part, where there is one,
    /// then what was asked for.
    ///
    /// - `load`: brings other data.
    /// - Throws: `no-examples`; `other-classes`; `unused-class`; what loading brings up.
    package static func all(
        _ judging: JudgingSettings, of own: Dataset, loading load: (DatasetRequest) throws -> Dataset
    ) throws -> [ValidationSet] {
        let requests = judging.sets ?? []
        let map = try ClassMap(judging.classNames ?? [], of: own.labels)
        var sets = try requests.map { request in
            guard let wanted = request.data else { return try part(request.part ?? .validation, of: own) }
            return try whole(wanted.learning(as: own), loading: load)
        }
        let others = requests.indices.filter { requests[$0].data != nil }
        let theirs = others.map { (name: requests[$0].name, labels: sets[$0].dataset.labels) }
        try map.check(theirs)
        let names = sets.map(\.name)
        for index in others {
            sets[index].dataset = map.applied(to: sets[index].dataset)
            let isTaken = Split(named: names[index]) != nil || names.count { $0 == names[index] } > 1
            if isTaken { sets[index].name = requests[index].name }
        }
        guard !own.validation.isEmpty else { return sets }
        let deciding = requests.firstIndex { $0.part == .validation }.map { sets.remove(at: $0) }
        return [try deciding ?? part(.validation, of: own)] + sets
    }

    /// Other data to judge a model by that tells `own`'s classes apart: the part that was asked for, else their test part,
    /// else their validation part; all rows of a file of one's own that names no parts.
    ///
    /// - `names`: what classes are called there, `positive:pos`, ours first.
    /// - Throws: `no-examples`; `no-classes`; `other-classes`; `unused-class`; what loading brings up.
    package static func other(
        _ request: DatasetRequest, on split: Split?, classNames names: [String], of own: Dataset,
        loading load: (DatasetRequest) throws -> Dataset
    ) throws -> ValidationSet {
        let map = try ClassMap(names, of: own.labels, keys: .evaluation)
        var set = try whole(request.learning(as: own), keys: .evaluation, loading: load)
        let loaded = set.dataset
        let isOurs = DatasetRegistry.all.contains { $0.name == request.name.lowercased() }
        if let split {
            set = ValidationSet(name: set.name, dataset: loaded, split: split, isTest: split == .test)
        } else if (isOurs || !loaded.declaredParts.isEmpty) && !loaded.test.isEmpty {
            set = ValidationSet(name: set.name, dataset: loaded, split: .test, isTest: true)
        }
        try map.check([(name: request.name, labels: loaded.labels)])
        set.dataset = map.applied(to: loaded)
        return set
    }

    private static func part(_ part: Split, of own: Dataset) throws -> ValidationSet {
        guard !own[part].isEmpty else {
            throw Diagnostic(
                "no-examples", "the data set \(own.name) has no \(part.rawValue) examples to judge by",
                about: "validate", hint: "leave \(part.rawValue) out of validate=")
        }
        return ValidationSet(name: part.rawValue, dataset: own, split: part, isTest: part == .test)
    }

    private static func whole(
        _ request: DatasetRequest, keys: ClassMap.Keys = .validation,
        loading load: (DatasetRequest) throws -> Dataset
    ) throws -> ValidationSet {
        do {
            return try whole(load(request), request, keys)
        } catch let problem as Diagnostic where problem.setting == nil {
            throw Diagnostic(
                problem.code, problem.message, at: problem.span, about: keys.data, hint: problem.hint)
        }
    }

    /// Its validation part as `load` would have it; all rows of a file of one's own that names no parts.
    private static func whole(
        _ loaded: Dataset, _ request: DatasetRequest, _ keys: ClassMap.Keys
    ) throws -> ValidationSet {
        var dataset = loaded
        guard !dataset.labels.isEmpty || dataset.shape != .classes else {
            throw Diagnostic(
                "no-classes", "\(request.name.forMessages) has no classes to judge by",
                hint: "leave \(request.name) out of \(keys.data)=")
        }
        let isOurs = DatasetRegistry.all.contains { $0.name == request.name.lowercased() }
        if !isOurs, dataset.declaredParts.isEmpty {
            dataset.validation = (dataset.train + dataset.validation + dataset.test).sorted { $0.id < $1.id }
        } else if dataset.validation.isEmpty {
            dataset.validation = dataset.test
        }
        return ValidationSet(
            name: dataset.name, dataset: dataset, split: .validation,
            isTest: Split(named: dataset.name) == .test)
    }
}
