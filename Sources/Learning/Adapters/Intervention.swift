import Compute
import System

/// What representation finetuning trains at one place of a block: a few directions, and a linear layer that says how
/// far along each a row is to be (Wu et al. 2024).
package struct Intervention: Sendable {
    /// Which formula; see `Pass.intervene`.
    package enum Kind: String, Sendable, CaseIterable {
        /// Directions stay orthonormal, and a row's own share in them is taken away.
        case loreft
        /// Directions stay orthonormal; a row's own share stays.
        case direft
        /// Directions are as they come, and a row's own share in them is taken away.
        case noreft
    }

    package let kind: Kind
    /// (width, rank), with orthonormal columns; of NoReFT (rank, width). As pyreft has them.
    package let directions: Parameter
    /// (rank); NoReFT's, where it is wanted.
    package let directionBias: Parameter?
    /// (rank, width) and (rank).
    package let source, bias: Parameter
    let site: RandomSite

    /// - `path`: its own, where dropout is drawn.
    package init(
        kind: Kind, directions: Parameter, directionBias: Parameter?, source: Parameter, bias: Parameter,
        path: String
    ) {
        self.init(
            kind: kind, directions: directions, directionBias: directionBias, source: source, bias: bias,
            site: RandomSite("\(path).dropout"))
    }

    private init(
        kind: Kind, directions: Parameter, directionBias: Parameter?, source: Parameter, bias: Parameter,
        site: RandomSite
    ) {
        (self.kind, self.directions, self.directionBias) = (kind, directions, directionBias)
        (self.source, self.bias, self.site) = (source, bias, site)
    }

    /// As pyreft begins: random orthonormal directions, a linear layer as PyTorch's.
    ///
    /// - `path`: its own, which also decides the random values together with `seed`.
    package init(
        path: String, kind: Kind, width: Int, rank: Int, hasDirectionBias: Bool, seed: UInt64
    ) {
        precondition(rank <= width, "\(rank) directions in rows of \(width)")
        let bound = 1 / Float(width).squareRoot()
        func uniform(_ name: String, _ shape: [Int]) -> Parameter {
            var random = CounterRandom(seed: seed, purpose: "\(path).\(name)")
            let values = (0..<shape.reduce(1, *)).map { _ in random.uniform(bound: bound) }
            return Parameter(name: "\(path).\(name)", shape: shape, buffer: Buffer(values))
        }
        let directions: Parameter
        if kind == .noreft {
            directions = uniform("proj_layer.weight", [rank, width])
        } else {
            var random = CounterRandom(seed: seed, purpose: "\(path).rotate_layer")
            directions = Parameter(
                name: "\(path).rotate_layer", shape: [width, rank],
                buffer: Buffer((0..<width * rank).map { _ in random.normal() }))
            Orthonormal.project(directions)
        }
        self.init(
            kind: kind, directions: directions,
            directionBias: kind == .noreft && hasDirectionBias ? uniform("proj_layer.bias", [rank]) : nil,
            source: uniform("learned_source.weight", [rank, width]),
            bias: uniform("learned_source.bias", [rank]), path: path)
    }

    package var rank: Int { source.rows }
    package var width: Int { source.columns }
    /// Whether directions are columns.
    var isTall: Bool { kind != .noreft }
    /// Whether a row's own share in the directions is taken away.
    var isRelative: Bool { kind != .direft }

    package var parameters: [Parameter] {
        [directions] + (directionBias.map { [$0] } ?? []) + [source, bias]
    }

    /// Directions that are to stay orthonormal are brought back after each step, and need no decay: only where they
    /// point counts.
    package var groups: [ParameterGroup] {
        guard isTall else { return [ParameterGroup(parameters)] }
        return [
            ParameterGroup([directions], decays: false) { $0.forEach(Orthonormal.project) },
            ParameterGroup([source, bias]),
        ]
    }

    package func with(_ own: (Parameter) -> Parameter) -> Intervention {
        Intervention(
            kind: kind, directions: own(directions), directionBias: directionBias.map(own),
            source: own(source), bias: own(bias), site: site)
    }
}
