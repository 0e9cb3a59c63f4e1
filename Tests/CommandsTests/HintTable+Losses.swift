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
            "write class_weights=balanced, or a number above 0 for each or by name, as class_weights=…",
            from: ready + "train steps=1 class_weights=1,2,3",
            then: "train steps=1 class_weights=balanced\ntrain steps=1 class_weights={2}"),
        Hint(
            "write class_weights=…", from: ready + "train steps=1 class_weights=negative:2,3",
            then: "train steps=1 class_weights={2}"),
        Hint(
            "write class_weights=…", from: ready + "train steps=1 class_weights=spam:3",
            then: "train steps=1 class_weights={2}"),
        Hint(
            "write class_weights=balanced, or a number above 0 for each or by name, as class_weights=…",
            from: ready + "train steps=1 class_weights=1,0",
            then: "train steps=1 class_weights=balanced\ntrain steps=1 class_weights={2}"),
        Hint(
            "write weight_decay=0.01 beside it, or leave it out", from: ready + "train steps=1 decay_on=all",
            then: "train steps=1 decay_on=all weight_decay=0.01\ntrain steps=1"),
        Hint(
            "did you mean …?", from: ready + "train steps=1 class_weights=negatvie:2",
            then: "train steps=1 class_weights={1}:2"),
    ]
}
