import JSON
import Training

/// What a run is thought to take, as its plan says it before the first step.
struct Expectation {
    let time: TimeEstimate
    let memory: MemoryEstimate

    var value: JSON {
        [
            "seconds": .number(time.total), "bytes": .integer(memory.total),
            "of_bytes": [
                "weights": .integer(memory.weights), "best": .integer(memory.best),
                "optimizer": .integer(memory.optimizer),
                "gradients": .integer(memory.gradients), "activations": .integer(memory.activations),
                "trunk": .integer(memory.trunk), "overhead": .integer(memory.overhead),
            ],
        ]
    }
}
