/// Every method, in the order in which help lists them.
package enum MethodRegistry {
    package static let all: [any Method.Type] = [
        FullMethod.self,
        LastMethod.self,
        HeadMethod.self,
        BitFitMethod.self,
        NormsMethod.self,
        HFTMethod.self,
        LowRankMethod.self,
        IA3Method.self,
        VeRAMethod.self,
        PromptTuningMethod.self,
        PrefixTuningMethod.self,
        ReFTMethod.self,
    ]

    /// What trains where nobody chose.
    package static let usual: any Method.Type = LowRankMethod.self
    /// What changes everything: for weights that are random, and for whole models from files.
    package static let whole: any Method.Type = FullMethod.self
}
