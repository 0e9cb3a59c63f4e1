/// Every metric of texts that needs to know no more than its name.
package enum TextMetricRegistry {
    package static let all: [any TextMetric] = [
        BLEU(), ChrF(), ChrF(wordOrder: 2), TranslationEditRate(),
        ROUGE(.runs(1)), ROUGE(.runs(2)), ROUGE(.subsequence), ROUGE(.summary),
        ExactMatch(), ExactMatch(isStrict: true), JSONFields(.valid), JSONFields(.all), JSONFields(.share),
    ]

    package static func named(_ name: String) -> (any TextMetric)? { all.first { $0.name == name } }
}
