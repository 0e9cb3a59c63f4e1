import Display
import Training

/// The accuracy with its interval and its distance from the baseline: what is read first of an evaluation.
struct Headline {
    private let matrix: ConfusionMatrix
    private let right: Int

    init(_ matrix: ConfusionMatrix) {
        self.matrix = matrix
        right = matrix.labels.indices.reduce(0) { $0 + matrix.counts[$1][$1] }
    }

    private var scale: IntervalScale {
        IntervalScale(
            matrix.accuracy, in: matrix.accuracyInterval, baseline: matrix.majorityBaseline,
            count: matrix.total)
    }

    /// `84.0%`
    private var accuracy: String { NumberStyle.share(of: matrix.total).text(matrix.accuracy) }

    /// `78.3–88.4`
    private var interval: String {
        let style = NumberStyle.points(of: matrix.total)
        let interval = matrix.accuracyInterval
        return "\(style.text(interval.lowerBound * 100))–\(style.text(interval.upperBound * 100))"
    }

    private var counts: String {
        "\(NumberStyle.automatic.text(Double(right))) of \(NumberStyle.automatic.text(Double(matrix.total)))"
    }

    private var distance: String {
        let difference = matrix.accuracy - matrix.majorityBaseline
        guard let points = signedPoints(difference, of: matrix.total) else {
            return "level with the commonest class"
        }
        return difference < 0
            ? "\(points.drop { !$0.isNumber }) points under the commonest class"
            : "\(points) points over the commonest class"
    }

    /// All in one sentence, for documents.
    var words: String {
        let baseline = NumberStyle.points(of: matrix.total).text(matrix.majorityBaseline * 100)
        return
            "accuracy \(accuracy) (95%: \(interval)), \(counts) right, \(distance), whose share is \(baseline)%"
    }

    var plain: String {
        "\(accuracy)  \(interval)   \(counts) right, \(distance)\n\(scale.plain)"
    }

    var html: String {
        """
        <div style="display:flex;flex-wrap:wrap;align-items:center;gap:2px 20px;margin:2px 0 10px 0">\
        <div style="white-space:nowrap"><span style="font-size:28px;font-weight:600;line-height:1.2">\(accuracy)</span> \
        &nbsp;<span style="font-size:14px">\(interval)</span></div>\(scale.html)\
        <div style="line-height:1.4"><b style="font-weight:600">\(counts)</b> right<br>\
        <span style="opacity:0.72">\(distance)</span></div></div>
        """
    }
}
