extension Hint {
    static let losses = [
        Hint(
            "leave … out, or write …=…", from: ready + "train steps=1 optimizer=sgd rho=0.9",
            then: "train steps=1 optimizer=sgd\ntrain steps=1 {2}={4} rho=0.9"),
        Hint(
            "write relative_step=yes beside it",
            from: ready + "train steps=1 optimizer=adafactor warmup_init=yes",
            then: "train steps=1 optimizer=adafactor warmup_init=yes relative_step=yes"),
        Hint(
            "leave relative_step out, and rates are its lr",
            from: ready + "lr_find optimizer=adafactor relative_step=yes steps=20",
            then: "lr_find optimizer=adafactor steps=20"),
        Hint(
            "leave … out, or write relative_step=no",
            from: ready + "train steps=1 optimizer=adafactor relative_step=yes lr=0.03",
            then:
                "train steps=1 optimizer=adafactor relative_step=yes\ntrain steps=1 optimizer=adafactor {1}=0.03"
        ),
        Hint(
            "write class_weights=balanced, or a number for each, as class_weights=…",
            from: ready + "train steps=1 class_weights=1,2,3",
            then: "train steps=1 class_weights=balanced\ntrain steps=1 class_weights={2}"),
        Hint(
            "write class_weights=…:2", from: ready + "train steps=1 class_weights=negative:2,3",
            then: "train steps=1 class_weights={1}:2"),
        Hint(
            "write class_weights=balanced, or numbers above 0",
            from: ready + "train steps=1 class_weights=1,-1", then: "train steps=1 class_weights=balanced"),
        Hint(
            "did you mean …?", from: ready + "train steps=1 class_weights=negatvie:2",
            then: "train steps=1 class_weights={1}:2"),
    ]
}
