import Compute
import Diagnostics
import Learning

/// How PEFT's files hold the changed layers of a method: the tensors of a layer.
///
/// Of `layers_to_transform`, `layers_pattern`, `bias` and `ensure_weight_tying` its `keys` have those that PEFT's
/// configuration of it has; they are read and written for all alike.
package protocol PEFTLayerFormat: PEFTFormat {
    /// Ends of the names of a layer's tensors: `lora_A.weight`.
    static var tensorNames: [String] { get }
    /// Names of tensors that all layers share.
    static var sharedNames: [String] { get }
    /// What its `bias` says where those of the changed layers alone are trained.
    static var layerBias: String { get }

    /// Names of a words' table's tensors; empty where the method changes none.
    static var tableNames: [String] { get }

    /// What makes of a layer what PEFT makes of it.
    ///
    /// - Throws: `missing-tensor`, `wrong-shape`, or what else does not fit.
    func hook(of layer: PEFTLayer) throws -> any LinearHook

    /// Whether the words' table is changed, whatever the targets are.
    var changesTable: Bool { get }

    /// What makes of the words' table what PEFT makes of it.
    ///
    /// - `tensor`: the one of a name, of the given shape.
    /// - Throws: as for a layer.
    func hook(
        ofTable table: Parameter, path: String,
        _ tensor: (_ name: String, _ shape: [Int]) throws -> StoredTensor
    ) throws -> (any TableHook)?

    /// Nil where a hook is not of this method, or the layers cannot be told apart by these names.
    ///
    /// - `layers`: each with its path in the base model.
    /// - `table`: of the words, where it is changed.
    /// - `names`: what the file calls them by: names that a path equals or ends in.
    init?(
        describing layers: [(path: String, hook: any LinearHook)], table: (any TableHook)?,
        called names: [String])
    /// A hook's parameters, in the order of `tensorNames`; nil where the hook is not of this method.
    static func tensors(of hook: any LinearHook) -> [Parameter]?
    /// The same of a table's, with those of `tableNames` that it has.
    static func tensors(ofTable hook: any TableHook) -> [(name: String, parameter: Parameter)]?
    /// What the layers share, in the order of `sharedNames`.
    static func shared(of hooks: [any LinearHook]) -> [Parameter]
    /// Which thirds of a fused layer a hook changes; empty for the whole layer.
    static func thirds(of hook: any LinearHook) -> [Int]
}

extension PEFTLayerFormat {
    /// PEFT wraps the model, and its wrapper is wrapped.
    package static var namePrefix: String { "base_model.model." }
    package static func thirds(of hook: any LinearHook) -> [Int] { [] }
    package static var sharedNames: [String] { [] }
    package static var layerBias: String { "lora_only" }
    package static var tableNames: [String] { [] }
    package var changesTable: Bool { false }
    package static func tensors(ofTable hook: any TableHook) -> [(name: String, parameter: Parameter)]? {
        nil
    }
    package func hook(
        ofTable table: Parameter, path: String,
        _ tensor: (_ name: String, _ shape: [Int]) throws -> StoredTensor
    ) throws -> (any TableHook)? { nil }
    package static func shared(of hooks: [any LinearHook]) -> [Parameter] { [] }
}

/// A layer that an adapter's file has tensors for.
package struct PEFTLayer {
    package let linear: Linear
    /// As PEFT's patterns see it.
    package let path: String
    /// Which thirds of a fused layer the tensors were put together from, by our own notes; empty for the whole.
    package let thirds: [Int]
    private let names: Set<String>
    private let common: [String: Parameter]
    private let find: (_ name: String, _ shape: [Int]) throws -> StoredTensor

    /// - `names`: of the tensors that the file has of it; `shared`: those of all layers, by name.
    package init(
        _ linear: Linear, path: String, thirds: [Int], names: Set<String>, shared: [String: Parameter],
        find: @escaping (_ name: String, _ shape: [Int]) throws -> StoredTensor
    ) {
        (self.linear, self.path, self.thirds, self.find) = (linear, path, thirds, find)
        (self.names, common) = (names, shared)
    }

    /// One of the tensors that all layers share.
    ///
    /// - Throws: `missing-tensor`.
    package func shared(_ name: String) throws -> Parameter {
        guard let parameter = common[name] else {
            throw Diagnostic("missing-tensor", "the adapter has no \(name), which its layers share")
        }
        return parameter
    }

    /// Whether the file has one of the format's tensors.
    package func has(_ name: String) -> Bool { names.contains(name) }

    /// One of the format's tensors.
    ///
    /// - Throws: `missing-tensor` or `wrong-shape`, with found and expected.
    package func tensor(_ name: String, _ shape: [Int]) throws -> StoredTensor { try find(name, shape) }
}
