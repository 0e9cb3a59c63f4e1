/// What is said where the classes of some data meet a classifier that was made for others' data.
package enum ClassMatch {
    /// How they were matched by name; nil where they stood as they stand in the classifier.
    ///
    /// - `own`: as the data have them; `order`: as the classifier has them, as many.
    package static func remark(_ own: [String], as order: [String]) -> String? {
        guard own != order, own.count == order.count else { return nil }
        let renamed = order.filter { !own.contains($0) }
        guard renamed.isEmpty else {
            return "the classes are the trained classifier's, which writes them "
                + listed(order) + ": matched by name"
        }
        return "the classes stand as in the trained classifier, matched by name: \(listed(order))"
    }

    /// Of a classifier that does not know what its classes are called, and has as many as the data.
    package static func unnamed(as labels: [String]) -> String {
        "the opened classifier has no names for its classes: its outputs 0 to \(labels.count - 1) are taken for "
            + "\(listed(labels)), in this order"
    }

    /// A class's name in a sentence: a long one without its middle.
    static func named(_ label: String) -> String {
        label.count > 60 ? "\(label.prefix(40))…\(label.suffix(15))" : label
    }

    /// The first of them, and how many more there are.
    package static func listed(_ labels: [String]) -> String {
        let more = labels.count - 5
        return labels.prefix(5).map(named).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
